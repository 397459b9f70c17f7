package io.jenkins.plugins.gitops.core.render.resource;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/**
 * Regular expressions in Go's syntax. RE2 takes time proportional to the length of the text for any expression, whereas
 * Java's own engine may take exponential time.
 */
public final class GoRegex {
    /** Much longer than any name. RE2 needs memory proportional to the length. */
    private static final int MAX_LENGTH = 1000;
    /** Go's own limit for nested repetitions; here it applies to all repetitions together. */
    private static final int MAX_REPETITIONS = 1000;

    private static final Pattern REPETITION = Pattern.compile("\\{([0-9]{1,9})(?:,([0-9]{1,9})?)?\\}");

    private GoRegex() {}

    /** Compiles an expression that must match the whole text. */
    static Pattern anchored(String regex, SourceLocation at) throws UserErrorException {
        return compile("(?:" + regex + ")", regex, at);
    }

    /**
     * Compiles an expression for an image's name, optionally with tag and digest. To be used with find, since kustomize
     * anchors it without a group.
     */
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
