package io.jenkins.plugins.gitops.core.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decodes gzip incrementally as data arrives, without a blocking reader thread. The JDK's HTTP client does not decode.
 * Does not verify checksums, since TLS protects the data. Must be closed.
 */
public final class GzipDecoder implements AutoCloseable {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int FLAGS = 3;
    private static final int MAX_HEADER = 64 << 10;
    private static final int BUFFER = 16 << 10;
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;

    private final Inflater inflater = new Inflater(true);
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[BUFFER];
    private boolean inBody;
    private int toSkip;

    /** Receives the decoded bytes. */
    public interface Output {
        void write(byte[] bytes, int length) throws IOException;
    }

    /**
     * Decodes the next bytes.
     *
     * @throws ZipException if they are not gzip
     * @throws IOException if the output fails
     */
    public void decode(byte[] bytes, Output output) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            if (toSkip > 0) {
                int skipped = Math.min(toSkip, bytes.length - at);
                toSkip -= skipped;
                at += skipped;
            } else if (!inBody) {
                header.write(bytes[at++]);
                inBody = isWholeHeader(header.toByteArray());
                if (inBody) {
                    header.reset();
                    inflater.reset();
                }
            } else {
                at = inflate(bytes, at, output);
            }
        }
    }

    private int inflate(byte[] bytes, int from, Output output) throws IOException {
        inflater.setInput(bytes, from, bytes.length - from);
        try {
            while (!inflater.needsInput() && !inflater.finished()) {
                int length = inflater.inflate(buffer);
                if (length == 0 && inflater.needsDictionary()) {
                    throw malformed();
                }
                output.write(buffer, length);
            }
        } catch (DataFormatException e) {
            throw malformed();
        }
        if (inflater.finished()) {
            inBody = false;
            toSkip = TRAILER;
        }
        return bytes.length - inflater.getRemaining();
    }

    /** Whether the header is complete, including its optional parts. */
    private static boolean isWholeHeader(byte[] bytes) throws IOException {
        if (bytes.length > MAX_HEADER
                || (bytes[0] & 0xff) != MAGIC_1
                || bytes.length > 1 && (bytes[1] & 0xff) != MAGIC_2) {
            throw malformed();
        }
        if (bytes.length < HEADER) {
            return false;
        }
        int flags = bytes[FLAGS];
        int end = HEADER;
        if ((flags & 4) != 0) {
            end = bytes.length < end + 2 ? MAX_HEADER : end + 2 + (bytes[end] & 0xff) + ((bytes[end + 1] & 0xff) << 8);
        }
        for (int texts = Integer.bitCount(flags & 24); texts > 0; texts--) {
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            end++;
        }
        return bytes.length >= end + ((flags & 2) != 0 ? 2 : 0);
    }

    private static ZipException malformed() {
        return new ZipException("the response is not gzip, although its headers say so");
    }

    @Override
    public void close() {
        inflater.end();
    }
}
