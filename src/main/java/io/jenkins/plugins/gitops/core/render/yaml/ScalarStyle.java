package io.jenkins.plugins.gitops.core.render.yaml;

/**
 * Writes a string as go-yaml 2 does: plain, in single or double quotes, or as a literal block. Folds all but the last.
 */
final class ScalarStyle {
    private static final int INDENT = 2;
    /** The maximum number of code points of a line; a longer one is folded at the next single space. */
    private static final int WIDTH = 80;

    private ScalarStyle() {}

    /** Writes a key on one line, which is never folded. */
    static String key(String text) {
        return write(text, "", Integer.MIN_VALUE);
    }

    /**
     * Writes a string as YAML.
     *
     * @param indent the indentation of the lines after the first
     * @param column the number of code points before it on its line
     * @return the YAML; a block ends with a line break, unless its text does not
     */
    static String write(String text, String indent, int column) {
        if (PlainScalarRules.isAmbiguous(text)) {
            return doubleQuoted(text, indent, column);
        }
        if (text.indexOf('\n') >= 0) {
            return isBlockAllowed(text) ? literal(text, indent) : doubleQuoted(text, indent, column);
        }
        if (PlainScalarRules.isSafe(text)) {
            return folded(text, "", indent, column);
        }
        return hasSpecial(text) ? doubleQuoted(text, indent, column) : folded(text, "'", indent, column);
    }

    private static String folded(String text, String quote, String indent, int start) {
        StringBuilder folded = new StringBuilder(text.length() + 16).append(quote);
        int column = start + quote.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (column > WIDTH && isFold(text, i) && text.charAt(i + 1) != ' ') {
                folded.append('\n').append(indent);
                column = indent.length();
                continue;
            }
            folded.append(c == '\'' && !quote.isEmpty() ? "''" : String.valueOf(c));
            column += c == '\'' && !quote.isEmpty() ? 2 : 1;
        }
        return folded.append(quote).toString();
    }

    /** Whether this is a space inside the text that does not follow another space. */
    private static boolean isFold(String text, int at) {
        return text.charAt(at) == ' ' && at > 0 && at < text.length() - 1 && text.charAt(at - 1) != ' ';
    }

    private static boolean hasSpecial(String text) {
        return text.chars().anyMatch(c -> PlainScalarRules.isSpecial((char) c));
    }

    private static boolean isBlockAllowed(String text) {
        return !text.endsWith(" ")
                && !text.contains(" \n")
                && text.chars().noneMatch(c -> c != '\n' && PlainScalarRules.isSpecial((char) c));
    }

    private static String literal(String text, String indent) {
        StringBuilder block = new StringBuilder(text.length() + 64).append('|');
        if (text.startsWith(" ") || text.startsWith("\n")) {
            block.append(INDENT);
        }
        if (!text.endsWith("\n")) {
            block.append('-');
        } else if (text.equals("\n") || text.endsWith("\n\n")) {
            block.append('+');
        }
        block.append('\n');
        boolean lineStart = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (lineStart && c != '\n') {
                block.append(indent);
            }
            block.append(c);
            lineStart = c == '\n';
        }
        return block.toString();
    }

    private static String doubleQuoted(String text, String indent, int start) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        int column = start + 1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (column > WIDTH && isFold(text, i)) {
                // A space at the start of a line would be lost.
                String lead = text.charAt(i + 1) == ' ' ? "\\" : "";
                quoted.append('\n').append(indent).append(lead);
                column = indent.length() + lead.length();
            } else {
                String written = escape(c);
                quoted.append(written);
                column += written.length();
            }
            i += Character.charCount(c);
        }
        return quoted.append('"').toString();
    }

    private static String escape(int c) {
        if (c <= 0xFFFF && c != '"' && c != '\\' && !PlainScalarRules.isSpecial((char) c)) {
            return String.valueOf((char) c);
        }
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case 0 -> "\\0";
            case 0x07 -> "\\a";
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case 0x0B -> "\\v";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            case 0x1B -> "\\e";
            case 0x85 -> "\\N";
            case 0x2028 -> "\\L";
            case 0x2029 -> "\\P";
            default -> String.format(c <= 0xFF ? "\\x%02X" : c <= 0xFFFF ? "\\u%04X" : "\\U%08X", c);
        };
    }
}
