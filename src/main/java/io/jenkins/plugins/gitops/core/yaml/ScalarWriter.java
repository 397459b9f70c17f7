package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How a text is written as a YAML scalar, so that every reader reads it as that text again. */
public final class ScalarWriter {
    private static final Set<String> WORDS =
            Set.of("", "~", "null", "y", "n", "yes", "no", "true", "false", "on", "off", "<<", "=");
    /** YAML 1.1, 1.2 and Go's readers together; underscores, which 1.1 allows between digits, are taken out before. */
    private static final Pattern NUMBER_OR_DATE = Pattern.compile(
            "[-+]?(?:0b[-+]?[01]+|0o[-+]?[0-7]+|0x[0-9a-f]+|(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:e[-+]?[0-9]+)?|\\.inf|\\.nan)|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\\.[0-9]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t"
                    + " \\t].*)?");
    /** Characters of what is matched as a number or date; what is longer and may be one is taken for one. */
    private static final int MAX_NUMBER_LENGTH = 500;

    private static final String NUMBER_CHARACTERS = "0123456789abcdefox+-._:";
    /** Less than YAML allows, and the same in and outside of flow collections. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./@+=*-]*");
    /** A colon inside a plain scalar of a flow collection is read differently by older readers. */
    private static final Pattern PLAIN_IN_BLOCK =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./@+:=*-]*[A-Za-z0-9_./@+=*-]");

    private ScalarWriter() {}

    /** Whether some reader takes this, written without quotes, for a number, boolean, null, date or merge key. */
    static boolean isAmbiguous(String plain) {
        String lower = plain.toLowerCase(Locale.ROOT);
        if (WORDS.contains(lower)) {
            return true;
        }
        if (lower.startsWith("_")) {
            return false;
        }
        if (lower.length() > MAX_NUMBER_LENGTH) {
            // A regular expression takes a stack frame for each group of digits; nobody writes such a number.
            return lower.chars().allMatch(c -> NUMBER_CHARACTERS.indexOf(c) >= 0);
        }
        return NUMBER_OR_DATE.matcher(lower.replace("_", "")).matches();
    }

    /**
     * The text in the style that is asked for, or in double quotes where that style cannot hold it.
     *
     * @param style not {@link QuotingStyle#BLOCK}
     */
    public static String write(String value, QuotingStyle style, boolean inFlow) {
        if (style == QuotingStyle.SINGLE_QUOTED && value.codePoints().noneMatch(ScalarWriter::needsEscape)) {
            return "'" + value.replace("'", "''") + "'";
        }
        if (style == QuotingStyle.PLAIN && !isAmbiguous(value)) {
            boolean safe = PLAIN.matcher(value).matches()
                    || !inFlow && PLAIN_IN_BLOCK.matcher(value).matches();
            if (safe) {
                return value;
            }
        }
        return doubleQuoted(value);
    }

    private static String doubleQuoted(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('"');
        value.codePoints().forEach(codePoint -> {
            String escape = escape(codePoint);
            if (escape == null) {
                text.appendCodePoint(codePoint);
            } else {
                text.append(escape);
            }
        });
        return text.append('"').toString();
    }

    @CheckForNull
    private static String escape(int codePoint) {
        if (codePoint == '"' || codePoint == '\\') {
            return "\\" + (char) codePoint;
        }
        if (!needsEscape(codePoint)) {
            return null;
        }
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> codePoint > 0xffff ? String.format("\\U%08x", codePoint) : String.format("\\u%04x", codePoint);
        };
    }

    /** What breaks a line or is invisible: it would not come back as it went in, or nobody would see it. */
    private static boolean needsEscape(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
