package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a text as a YAML scalar that every parser reads as the same text. */
public final class ScalarWriter {
    private static final Set<String> WORDS =
            Set.of("", "~", "null", "y", "n", "yes", "no", "true", "false", "on", "off", "<<", "=");
    /**
     * Covers YAML 1.1, YAML 1.2 and Go's parsers; underscores, which 1.1 allows between digits, are removed before
     * matching.
     */
    private static final Pattern NUMBER_OR_DATE = Pattern.compile(
            "[-+]?(?:0b[-+]?[01]+|0o[-+]?[0-7]+|0x[0-9a-f]+|(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:e[-+]?[0-9]+)?|\\.inf|\\.nan)|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\\.[0-9]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t"
                    + " \\t].*)?");
    /** The maximum number of characters to match; a longer text of such characters is treated as a number. */
    private static final int MAX_NUMBER_LENGTH = 500;

    private static final String NUMBER_CHARACTERS = "0123456789abcdefox+-._:";
    /** A subset of what YAML allows, valid inside and outside flow collections. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./@+=*-]*");
    /** Older parsers interpret a colon in a plain scalar of a flow collection differently. */
    private static final Pattern PLAIN_IN_BLOCK =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./@+:=*-]*[A-Za-z0-9_./@+=*-]");

    private ScalarWriter() {}

    /** Whether some parser reads this text, written without quotes, as a number, boolean, null, date or merge key. */
    static boolean isAmbiguous(String plain) {
        String lower = plain.toLowerCase(Locale.ROOT);
        if (WORDS.contains(lower)) {
            return true;
        }
        if (lower.startsWith("_")) {
            return false;
        }
        if (lower.length() > MAX_NUMBER_LENGTH) {
            // The regular expression needs a stack frame for each group of digits; no real number is so long.
            return lower.chars().allMatch(c -> NUMBER_CHARACTERS.indexOf(c) >= 0);
        }
        return NUMBER_OR_DATE.matcher(lower.replace("_", "")).matches();
    }

    /**
     * Writes the text in the given style, or in double quotes if that style cannot represent it.
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

    /** Whether the character breaks lines or is invisible, so that parsing would change it or readers overlook it. */
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
