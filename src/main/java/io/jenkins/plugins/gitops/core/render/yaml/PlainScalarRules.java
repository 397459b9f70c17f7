package io.jenkins.plugins.gitops.core.render.yaml;

import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.util.regex.Pattern;

/** Whether a string can be written without quotes: go-yaml's rules. */
final class PlainScalarRules {
    private static final String INDICATORS = "#,[]{}&*!|>'\"%@`";
    private static final Pattern BASE_60 = Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");

    private PlainScalarRules() {}

    /** Whether the string is written in quotes (or as a block), since plain it would be something else or no YAML. */
    static boolean needsQuotes(String text) {
        return isAmbiguous(text) || !isSafe(text);
    }

    /** Whether the plain text would be a number, a boolean, a date or null to YAML 1.1 or 1.2. */
    static boolean isAmbiguous(String text) {
        return ScalarResolver.tagOf(text) != ValueTag.STR
                || ScalarResolver.isYaml11Boolean(text)
                || BASE_60.matcher(text).matches();
    }

    /**
     * Whether a reader of YAML 1.1 takes the plain text for something else than a string; the empty text counts not.
     */
    static boolean isAmbiguousInYaml11(String text) {
        ValueTag tag = ScalarResolver.tagOf(text);
        boolean typed = tag != ValueTag.STR && tag != ValueTag.TIMESTAMP && !text.isEmpty();
        return typed || ScalarResolver.isYaml11Boolean(text) || !isSafe(text) && text.indexOf('\n') < 0;
    }

    /** Whether a string on one line can be read back when it is written plain. */
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

    /** What go-yaml writes by an escape only: controls, and all beyond the basic plane. */
    static boolean isSpecial(char c) {
        return c < ' '
                || c >= '\u007F' && c <= '\u009F'
                || c == '\u2028'
                || c == '\u2029'
                || c == '\uFEFF'
                || Character.isSurrogate(c);
    }
}
