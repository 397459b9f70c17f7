package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Locale;

/**
 * Sanitizes external text (reasons, comments, names, messages of clusters and servers) for logs, pages, XML files and
 * commits. Called once, where the text enters the system. Removes control characters, NUL, lone surrogates and
 * characters that reorder text for the reader (Unicode's bidirectional controls, as in CVE-2021-42574).
 */
public final class TextSanitizer {
    /** The maximum length of external text in characters, unless a caller has a lower limit. */
    public static final int MAX_LENGTH = 1000;

    private TextSanitizer() {}

    /** One line of at most {@link #MAX_LENGTH} characters: each run of line breaks and tabs becomes one space. */
    public static String line(String text) {
        return line(text, MAX_LENGTH);
    }

    /**
     * One line.
     *
     * @param max maximum number of characters (UTF-16 units); a longer text is truncated with a note
     */
    public static String line(String text, int max) {
        return cut(clean(text, max, false).strip(), text.length(), max);
    }

    /** Equivalent to {@link #line(String)}; null for null, and for a text that is empty after sanitizing. */
    @CheckForNull
    public static String lineOrNull(@CheckForNull String text) {
        if (text == null) {
            return null;
        }
        String line = line(text);
        return line.isEmpty() ? null : line;
    }

    /**
     * One line, without its middle if it is too long: the cause of an error is often at its end.
     *
     * @param max maximum number of characters (UTF-16 units) of the beginning and the end together
     */
    public static String middle(String text, int max) {
        String whole = text.length() <= 2 * max ? clean(text, 2 * max, false).strip() : null;
        if (whole != null && whole.length() <= max) {
            return whole;
        }
        int half = max / 2;
        String start = clean(text, half, false).strip();
        String end = clean(text.substring(Math.max(0, text.length() - 2 * max)), 2 * max, false)
                .strip();
        return withoutHalf(start.substring(0, Math.min(half, start.length()))) + " ... "
                + clean(end.substring(Math.max(0, end.length() - half)), half, false)
                        .strip();
    }

    /** Removes the first half of a surrogate pair at the end. */
    private static String withoutHalf(String text) {
        boolean half = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        return half ? text.substring(0, text.length() - 1) : text;
    }

    /** Several lines with together at most {@link #MAX_LENGTH} characters; line breaks are kept. */
    public static String lines(String text) {
        return cut(clean(text, MAX_LENGTH, true).strip(), text.length(), MAX_LENGTH);
    }

    /** Whether {@link #line(String)} would not change the text. For names, which are rejected instead of changed. */
    public static boolean isClean(String text) {
        return text.equals(line(text));
    }

    /** Reads only as much of a long text as it keeps, and a little more to strip. */
    private static String clean(String text, int max, boolean lineBreaks) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), max + 1));
        int i = 0;
        while (i < text.length() && clean.length() <= max) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (lineBreaks && c == '\n') {
                clean.append('\n');
            } else if (isSpace(c)) {
                appendSpace(clean);
            } else if (!isRemoved(c)) {
                clean.appendCodePoint(c);
            }
        }
        return clean.toString();
    }

    private static void appendSpace(StringBuilder clean) {
        if (!clean.isEmpty() && clean.charAt(clean.length() - 1) != ' ') {
            clean.append(' ');
        }
    }

    /**
     * Whether the character separates words or lines for some reader. Control characters do, so that removing one does
     * not join two words.
     */
    private static boolean isSpace(int c) {
        return c == ' ' || c == 0x85 || c == 0x2028 || c == 0x2029 || Character.getType(c) == Character.CONTROL;
    }

    private static boolean isRemoved(int c) {
        return Character.getType(c) == Character.SURROGATE
                || c == 0x61C
                || c == 0x200E
                || c == 0x200F
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069
                || c == 0xFEFF
                || (c & 0xFFFE) == 0xFFFE;
    }

    private static String cut(String clean, int length, int max) {
        if (clean.length() <= max) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(max - 1)) ? max - 1 : max;
        return clean.substring(0, end) + String.format(Locale.ROOT, "... (cut; %,d characters in all)", length);
    }
}
