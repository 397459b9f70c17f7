package io.jenkins.plugins.gitops.core.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One edit of a text: a replacement of bytes by others.
 *
 * @param removed the old bytes
 * @param inserted the new bytes
 */
record Splice(byte[] removed, byte[] inserted) {
    /** Maximum number of candidates; in a file written by people, an edit does not have more copies. */
    private static final int MAX_BYTES = 64;

    /** The edit between two texts: everything between their common prefix and suffix. */
    static Splice between(byte[] before, byte[] after) {
        int start = Arrays.mismatch(before, after);
        if (start < 0) {
            return new Splice(new byte[0], new byte[0]);
        }
        int end = 0;
        int most = Math.min(before.length, after.length) - start;
        while (end < most && before[before.length - 1 - end] == after[after.length - 1 - end]) {
            end++;
        }
        return new Splice(
                Arrays.copyOfRange(before, start, before.length - end),
                Arrays.copyOfRange(after, start, after.length - end));
    }

    /** The text without the edit, once for each position where the edit may have been made; bounded. */
    List<byte[]> candidatesWithout(byte[] text) {
        List<byte[]> undone = new ArrayList<>();
        int last = inserted.length == 0 ? -1 : text.length - inserted.length;
        for (int at = 0; at <= last && undone.size() < MAX_BYTES; at++) {
            if (Arrays.equals(text, at, at + inserted.length, inserted, 0, inserted.length)) {
                byte[] without = Arrays.copyOf(text, text.length - inserted.length + removed.length);
                System.arraycopy(removed, 0, without, at, removed.length);
                System.arraycopy(text, at + inserted.length, without, at + removed.length, last - at);
                undone.add(without);
            }
        }
        return undone;
    }
}
