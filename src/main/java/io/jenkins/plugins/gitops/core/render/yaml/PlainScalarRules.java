package io.jenkins.plugins.gitops.core.render.yaml;

import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.util.regex.Pattern;

/** go-yaml's rules for writing a string without quotes. */
final class PlainScalarRules {
    private static final String INDICATORS = "#,[]{}&*!|>'\"%@`";
    private static final Pattern BASE_60 = Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");

    private PlainScalarRules() {}

    /**
     * Whether the string must be quoted (or written as a block), because its plain form would be another value or
     * invalid YAML.
     */
    static boolean needsQuotes(String text) {
        return isAmbiguous(text) || !isSafe(text);
    }

    /** Whether YAML 1.1 or 1.2 reads the plain text as a number, a boolean, a date or null. */
    static boolean isAmbiguous(String text) {
        return ScalarResolver.tagOf(text) != ValueTag.STR
                || ScalarResolver.isYaml11Boolean(text)
                || BASE_60.matcher(text).matches();
    }

    /** Whether YAML 1.1 reads the plain text as something other than a string; false for the empty text. */
    static boolean isAmbiguousInYaml11(String text) {
        ValueTag tag = ScalarResolver.tagOf(text);
        boolean typed = tag != ValueTag.STR && tag != ValueTag.TIMESTAMP && !text.isEmpty();
        return typed || ScalarResolver.isYaml11Boolean(text) || !isSafe(text) && text.indexOf('\n') < 0;
    }

    /** Whether a string on one line can be written plain and read back. */
    static boolean isSafe(String text) {
        if (text.startsWith("---") || text.startsWith("...") || text.startsWith(" ") || text.endsWith(" ")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean blankFollows = i + 1 == text.length() || text.charAt(i + 1) == ' ' || text.charAt(i + 1) == '\t';
            boolean starts = i == 0 && (INDICATORS.indexOf(c) >= 0 || (c == '-' || c == '?') && blankFollows);
            boolean ends = c == ':' && blankFollows || c == '#' && i > 0 && text.charAt(i - 1) == ' ';
            if (starts || ends || isSpecial(c)) {
                return false;
            }
        }
        return true;
    }

    /** Whether go-yaml always escapes it: control characters, and everything beyond the basic plane. */
    static boolean isSpecial(char c) {
        return c < ' '
                || c >= '\u007F' && c <= '\u009F'
                || c == '\u2028'
                || c == '\u2029'
                || c == '\uFEFF'
                || Character.isSurrogate(c);
    }
}
