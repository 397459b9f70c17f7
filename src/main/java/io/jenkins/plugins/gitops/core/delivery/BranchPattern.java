package io.jenkins.plugins.gitops.core.delivery;

import java.util.regex.Pattern;

/** A branch name in which {@code *} matches any text without a slash and {@code **} matches any text. */
final class BranchPattern {
    private static final int MAX_LENGTH = 255;
    /** Characters that Git allows in branch names; a colon only in the prefix for tags. */
    private static final Pattern VALID = Pattern.compile("(?:" + BuildSource.TAG + ")?[^\\s\\p{Cntrl}:?\\[\\\\~^]+");

    private BranchPattern() {}

    static boolean isValid(String pattern) {
        return pattern.length() <= MAX_LENGTH
                && VALID.matcher(pattern).matches()
                && !pattern.contains("***")
                && !pattern.startsWith("/")
                && !pattern.endsWith("/")
                && !pattern.contains("//");
    }

    /** Takes time proportional to the product of both lengths at most, whatever they contain. */
    static boolean matches(String pattern, String name) {
        // reached[i]: the pattern so far matches the first i characters of the name
        boolean[] reached = new boolean[name.length() + 1];
        reached[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            char wanted = pattern.charAt(p);
            boolean[] next = new boolean[name.length() + 1];
            if (wanted == '*') {
                boolean anything = p + 1 < pattern.length() && pattern.charAt(p + 1) == '*';
                p += anything ? 1 : 0;
                for (int i = 0; i <= name.length(); i++) {
                    next[i] = reached[i] || i > 0 && next[i - 1] && (anything || name.charAt(i - 1) != '/');
                }
            } else {
                for (int i = 1; i <= name.length(); i++) {
                    next[i] = reached[i - 1] && name.charAt(i - 1) == wanted;
                }
            }
            reached = next;
        }
        return reached[name.length()];
    }
}
