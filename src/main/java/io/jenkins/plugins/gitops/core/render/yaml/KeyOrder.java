package io.jenkins.plugins.gitops.core.render.yaml;

import java.util.Comparator;

/**
 * The order in which go-yaml 2 writes the keys of a map: numbers in keys by value, letters after all other characters.
 */
final class KeyOrder {
    static final Comparator<String> NATURAL =
            (a, b) -> compare(a.codePoints().toArray(), b.codePoints().toArray());

    private KeyOrder() {}

    private static int compare(int[] a, int[] b) {
        for (int i = 0; i < a.length && i < b.length; i++) {
            if (a[i] == b[i]) {
                continue;
            }
            boolean letter = Character.isLetter(a[i]);
            boolean otherLetter = Character.isLetter(b[i]);
            if (letter != otherLetter) {
                return letter ? 1 : -1;
            }
            return letter ? Integer.compare(a[i], b[i]) : compareNumbers(a, b, i);
        }
        return Integer.compare(a.length, b.length);
    }

    /**
     * Compares from the first difference on. Of a number that started before it, the leading digits count only if there
     * is a zero, and then as a single 1.
     */
    private static int compareNumbers(int[] a, int[] b, int from) {
        long lead = (a[from] == '0' || b[from] == '0') && isAfterDigitsOtherThanZero(a, from) ? 1 : 0;
        int endA = digitsEnd(a, from);
        int endB = digitsEnd(b, from);
        int byValue = Long.compare(value(lead, a, from, endA), value(lead, b, from, endB));
        if (byValue != 0) {
            return byValue;
        }
        return endA != endB ? Integer.compare(endA, endB) : Integer.compare(a[from], b[from]);
    }

    private static boolean isAfterDigitsOtherThanZero(int[] text, int end) {
        for (int i = end - 1; i >= 0 && Character.isDigit(text[i]); i--) {
            if (text[i] != '0') {
                return true;
            }
        }
        return false;
    }

    private static int digitsEnd(int[] text, int from) {
        int end = from;
        while (end < text.length && Character.isDigit(text[end])) {
            end++;
        }
        return end;
    }

    /** Overflows as in Go. */
    private static long value(long lead, int[] text, int from, int end) {
        long value = lead;
        for (int i = from; i < end; i++) {
            value = value * 10 + (text[i] - '0');
        }
        return value;
    }
}
