package io.jenkins.plugins.gitops.core.delivery;

import java.util.regex.Pattern;

/** A branch name in which {@code *} stands for any text without a slash and {@code **} for any text. */
final class BranchPattern {
    private static final int MAX_LENGTH = 255;
    /** What Git allows in names of branches, as far as anybody uses it; no colon but in the prefix. */
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

    /** Takes at most the product of both lengths, whatever they hold. */
    static boolean matches(String pattern, String name) {
        // reached[i]: the pattern up to here fits the first i characters of the name
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
