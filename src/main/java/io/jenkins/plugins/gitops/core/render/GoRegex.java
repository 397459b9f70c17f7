package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions that mean the same to Go and to Java. Anything that Java might read differently is refused; names
 * of images and resources hardly ever need more than what is left.
 */
final class GoRegex {
    private static final String SAFE_ESCAPES = ".+*?()|[]{}^$\\-/_:@dwsDWSb";

    private GoRegex() {}

    /** To be matched as a whole. */
    static Pattern whole(String regex, SourceLocation at) throws RefusedException {
        check(regex, at);
        return compile("(?:" + regex + ")", regex, at);
    }

    /** An image's name, optionally with tag and digest; to be found, as kustomize anchors it without a group. */
    static Pattern image(String regex, SourceLocation at) throws RefusedException {
        check(regex, at);
        String tagAndDigest = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?";
        return compile("^" + regex + tagAndDigest + "\\z", regex, at);
    }

    private static Pattern compile(String pattern, String regex, SourceLocation at) throws RefusedException {
        try {
            return Pattern.compile(pattern, Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw refuse(regex, at).causedBy(e);
        }
    }

    private static void check(String regex, SourceLocation at) throws RefusedException {
        boolean quantified = false;
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            boolean quantifier = false;
            if (c == '\\') {
                i++;
                if (i == regex.length() || SAFE_ESCAPES.indexOf(regex.charAt(i)) < 0) {
                    throw refuse(regex, at);
                }
            } else if (inClass) {
                inClass = c != ']';
                if (c == '[' || c == '&') {
                    throw refuse(regex, at);
                }
            } else if (c == '[') {
                inClass = true;
                i += skipClassStart(regex, i, at);
            } else if (c == '*' || c == '+' || c == '?' || c == '}') {
                if (quantified && c != '?') {
                    throw refuse(regex, at);
                }
                quantifier = true;
            } else if (c == '(' && i + 1 < regex.length() && regex.charAt(i + 1) == '?') {
                if (!regex.startsWith("(?:", i)) {
                    throw refuse(regex, at);
                }
                i += 2;
            }
            quantified = quantifier;
        }
    }

    /** A bracket right after the start would be a literal to Go and another class, or an error, to Java. */
    private static int skipClassStart(String regex, int start, SourceLocation at) throws RefusedException {
        int first = regex.startsWith("[^", start) ? start + 2 : start + 1;
        if (first >= regex.length() || regex.charAt(first) == ']') {
            throw refuse(regex, at);
        }
        return first - start - 1;
    }

    private static RefusedException refuse(String regex, SourceLocation at) {
        return new RefusedException(
                at, "the regular expression " + regex + " is not supported", "Write a simpler one, or the plain name");
    }
}
