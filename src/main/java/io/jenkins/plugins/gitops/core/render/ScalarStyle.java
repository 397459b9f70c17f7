package io.jenkins.plugins.gitops.core.render;

/** How go-yaml 2 writes a string: plain, in single or double quotes, or as a literal block. */
final class ScalarStyle {
    private static final int INDENT = 2;

    private ScalarStyle() {}

    /**
     * The string as YAML.
     *
     * @param indent of the lines of a block
     * @return a block ends with a line break, unless its text does not
     */
    static String write(String text, String indent) {
        if (PlainStyle.readsAsAnotherType(text)) {
            return doubleQuoted(text);
        }
        if (text.indexOf('\n') >= 0) {
            return isBlockAllowed(text) ? literal(text, indent) : doubleQuoted(text);
        }
        if (PlainStyle.isSafe(text)) {
            return text;
        }
        return hasSpecial(text) ? doubleQuoted(text) : "'" + text.replace("'", "''") + "'";
    }

    private static boolean hasSpecial(String text) {
        return text.chars().anyMatch(c -> PlainStyle.isSpecial((char) c));
    }

    private static boolean isBlockAllowed(String text) {
        return !text.endsWith(" ")
                && !text.contains(" \n")
                && text.chars().noneMatch(c -> c != '\n' && PlainStyle.isSpecial((char) c));
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

    private static String doubleQuoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c > 0xFFFF || PlainStyle.isSpecial((char) c)) {
                quoted.append(escape(c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    private static String escape(int c) {
        return switch (c) {
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
