package io.jenkins.plugins.gitops.core.model;

/**
 * Patterns in which {@code *} matches any text and every other character matches itself. Matching takes time at most
 * proportional to the product of both lengths: a failed attempt backtracks only to the last star.
 */
public final class Wildcards {
    private static final char STAR = '*';

    private Wildcards() {}

    /** Whether a text matches; {@code *} matches any text, including an empty one. */
    public static boolean matches(String pattern, String text) {
        return matches(pattern, text, false);
    }

    /**
     * Whether a path matches segment by segment; {@code *} never matches a slash.
     *
     * @param anyCharacter whether {@code ?} matches any one character of a segment, instead of itself
     */
    public static boolean matchesPath(String pattern, String path, boolean anyCharacter) {
        String[] patterns = pattern.split("/", -1);
        String[] names = path.split("/", -1);
        if (patterns.length != names.length) {
            return false;
        }
        for (int i = 0; i < patterns.length; i++) {
            if (!matches(patterns[i], names[i], anyCharacter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String pattern, String text, boolean anyCharacter) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == STAR) {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && isMatch(pattern.charAt(p), text.charAt(t), anyCharacter)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == STAR) {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean isMatch(char wanted, char found, boolean anyCharacter) {
        return wanted == found || anyCharacter && wanted == '?';
    }
}
