package io.jenkins.plugins.gitops.core.git.objects;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** How to make a text from another one that differs in one place, in the words of Git's packs. */
final class PackDelta {
    private static final int MAX_COPY_LENGTH = 0x10000;
    private static final int MAX_INSERT_LENGTH = 127;
    private static final int COPY = 0x80;

    private PackDelta() {}

    /** Empty when less than half would be saved. */
    static Optional<byte[]> of(byte[] from, byte[] to) {
        int start = Arrays.mismatch(from, to);
        if (start < 0) {
            start = to.length;
        }
        int end = 0;
        int longestEnd = Math.min(from.length, to.length) - start;
        while (end < longestEnd && from[from.length - 1 - end] == to[to.length - 1 - end]) {
            end++;
        }
        if (start + end < to.length / 2 || to.length == 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        size(out, from.length);
        size(out, to.length);
        copy(out, 0, start);
        insert(out, to, start, to.length - end);
        copy(out, from.length - end, from.length);
        return Optional.of(out.toByteArray());
    }

    private static void size(ByteArrayOutputStream out, int size) {
        int left = size;
        while (left > 0x7f) {
            out.write(0x80 | left & 0x7f);
            left >>>= 7;
        }
        out.write(left);
    }

    private static void copy(ByteArrayOutputStream out, int from, int to) {
        for (int at = from; at < to; at += MAX_COPY_LENGTH) {
            int length = Math.min(MAX_COPY_LENGTH, to - at);
            byte[] words = new byte[6];
            int count = 0;
            int command = COPY;
            for (int i = 0; i < 4; i++) {
                int part = at >>> 8 * i & 0xff;
                if (part != 0) {
                    command |= 1 << i;
                    words[count++] = (byte) part;
                }
            }
            // A length of 0 means the longest one.
            for (int i = 0; i < 2; i++) {
                int part = length >>> 8 * i & 0xff;
                if (part != 0) {
                    command |= 0x10 << i;
                    words[count++] = (byte) part;
                }
            }
            out.write(command);
            out.write(words, 0, count);
        }
    }

    private static void insert(ByteArrayOutputStream out, byte[] text, int from, int to) {
        for (int at = from; at < to; at += MAX_INSERT_LENGTH) {
            int length = Math.min(MAX_INSERT_LENGTH, to - at);
            out.write(length);
            out.write(text, at, length);
        }
    }
}
