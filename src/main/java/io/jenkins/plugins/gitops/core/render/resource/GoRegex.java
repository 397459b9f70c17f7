package io.jenkins.plugins.gitops.core.render.resource;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/**
 * Regular expressions as Go reads them. RE2 needs time in proportion to the text, whatever the expression is, where Java's own
 * may need longer than anybody waits.
 */
public final class GoRegex {
    /** Far beyond any name; RE2 needs memory in proportion to the length. */
    private static final int MAX_LENGTH = 1000;
    /** Go's own limit for repetitions within repetitions; here it is one for all of them together. */
    private static final int MAX_REPETITIONS = 1000;

    private static final Pattern REPETITION = Pattern.compile("\\{([0-9]{1,9})(?:,([0-9]{1,9})?)?\\}");

    private GoRegex() {}

    /** To be matched as a whole. */
    static Pattern anchored(String regex, SourceLocation at) throws UserErrorException {
        return compile("(?:" + regex + ")", regex, at);
    }

    /** An image's name, optionally with tag and digest; to be found, as kustomize anchors it without a group. */
    public static Pattern image(String regex, SourceLocation at) throws UserErrorException {
        String tagAndDigest = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?";
        return compile("^" + regex + tagAndDigest + "\\z", regex, at);
    }

    private static Pattern compile(String pattern, String regex, SourceLocation at) throws UserErrorException {
        if (regex.length() > MAX_LENGTH) {
            throw new UserErrorException(
                    at,
                    "the regular expression has " + regex.length() + " characters, and " + MAX_LENGTH + " are allowed",
                    "Write a simpler one, or the plain name");
        }
        if (repetitions(regex) > MAX_REPETITIONS) {
            throw new UserErrorException(
                    at,
                    regex + " repeats something more than " + MAX_REPETITIONS + " times",
                    "Write a simpler one, or the plain name");
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new UserErrorException(
                            at,
                            regex + " is not a regular expression as Go reads them: " + e.getDescription(),
                            "Correct it, or write the plain name")
                    .causedBy(e);
        }
    }

    private static long repetitions(String regex) {
        long product = 1;
        Matcher matcher = REPETITION.matcher(regex);
        while (matcher.find() && product <= MAX_REPETITIONS) {
            String most = matcher.group(2) == null ? matcher.group(1) : matcher.group(2);
            product *= Math.max(1, Long.parseLong(most));
        }
        return product;
    }
}
