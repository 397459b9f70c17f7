package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a text with their lines. Maps the parser's code points to bytes, and bytes to line and column. */
final class SourceText {
    private final String file;
    private final byte[] bytes;
    /** The length of the byte order mark, 0 or 3. */
    private final int mark;

    private final String text;
    /** Byte offset of each code point and of the end; null if every character is one byte. */
    @CheckForNull
    private final int[] offsets;
    /** Byte offset of each line's first byte. */
    private final int[] lines;

    /** @throws UserErrorException if the bytes are not UTF-8 */
    SourceText(String file, byte[] bytes) throws UserErrorException {
        this.file = file;
        this.bytes = bytes;
        this.mark = bytes.length > 2 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf
                ? 3
                : 0;
        this.lines = lines(bytes);
        this.text = decode();
        this.offsets = text.length() == bytes.length ? null : offsets(bytes);
    }

    /** What the parser reads: the text, with a space for each tab that indents JSON, which no YAML may be indented with. */
    String text() {
        return file.endsWith(".json") ? text.replace('\t', ' ') : text;
    }

    byte[] bytes() {
        return bytes;
    }

    int byteOffset(int codePoint) {
        return offsets == null ? codePoint : offsets[Math.min(codePoint, offsets.length - 1)];
    }

    /** Takes time logarithmic in the length of the text, regardless of the length of its lines. */
    SourceLocation location(int byteOffset) {
        int column = character(byteOffset) - character(lineStart(byteOffset)) + 1;
        return new SourceLocation(file, line(byteOffset) + 1, column);
    }

    /** The index of the code point that starts at this offset. */
    private int character(int byteOffset) {
        if (offsets == null) {
            return byteOffset;
        }
        int found = Arrays.binarySearch(offsets, byteOffset);
        return found >= 0 ? found : -found - 2;
    }

    /** The offset of the first byte of the line with this offset; on the first line, after the byte order mark. */
    int lineStart(int byteOffset) {
        int line = line(byteOffset);
        return line == 0 ? mark : lines[line];
    }

    private int line(int byteOffset) {
        int found = Arrays.binarySearch(lines, byteOffset);
        return found >= 0 ? found : -found - 2;
    }

    /**
     * Whether the range has only spaces and the dashes of list items: {@code " - - "}. Not a regular expression, which
     * would need a stack frame for each dash.
     */
    boolean isItemPrefix(int start, int end) {
        for (int i = start; i < end; i++) {
            boolean dash = bytes[i] == '-' && i + 1 < end && bytes[i + 1] == ' ';
            if (bytes[i] != ' ' && !dash) {
                return false;
            }
        }
        return true;
    }

    /** Offset of the line end's first byte, or of the end of the text. */
    int lineEnd(int byteOffset) {
        int end = byteOffset;
        while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        return end;
    }

    /** The offset after the line end at this offset; the same offset at the end of the text. */
    int nextLine(int lineEnd) {
        if (lineEnd >= bytes.length) {
            return bytes.length;
        }
        boolean pair = bytes[lineEnd] == '\r' && lineEnd + 1 < bytes.length && bytes[lineEnd + 1] == '\n';
        return lineEnd + (pair ? 2 : 1);
    }

    String slice(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /** The bytes with one range replaced. */
    byte[] splice(int start, int end, String replacement) {
        byte[] inserted = replacement.getBytes(StandardCharsets.UTF_8);
        byte[] result = new byte[bytes.length - (end - start) + inserted.length];
        System.arraycopy(bytes, 0, result, 0, start);
        System.arraycopy(inserted, 0, result, start, inserted.length);
        System.arraycopy(bytes, end, result, start + inserted.length, bytes.length - end);
        return result;
    }

    private String decode() throws UserErrorException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (decoder.decode(in, out, true).isError()) {
            int column = 1;
            for (int i = lineStart(in.position()); i < in.position(); i++) {
                column += startsCharacter(bytes[i]) ? 1 : 0;
            }
            throw new UserErrorException(
                    new SourceLocation(file, line(in.position()) + 1, column),
                    "This file is not UTF-8 text",
                    "Save it as UTF-8 in Git first");
        }
        return out.flip().toString();
    }

    private static int[] lines(byte[] bytes) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < bytes.length; i++) {
            boolean lineEnd = bytes[i] == '\n' || bytes[i] == '\r' && (i + 1 == bytes.length || bytes[i + 1] != '\n');
            if (lineEnd) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }

    private static int[] offsets(byte[] bytes) {
        int[] offsets = new int[bytes.length + 1];
        int count = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (startsCharacter(bytes[i])) {
                offsets[count++] = i;
            }
        }
        offsets[count++] = bytes.length;
        return Arrays.copyOf(offsets, count);
    }

    private static boolean startsCharacter(byte utf8) {
        return (utf8 & 0xc0) != 0x80;
    }
}
