package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.util.NB;

/** Enforces the limits of one fetch: its size and duration. */
final class FetchLimiter implements ProgressMonitor {
    private static final int COUNT_AT = 8;
    private static final int HEADER = 12;

    private final FetchLimits limits;
    private final long end;

    @CheckForNull
    private volatile String exceeded;

    FetchLimiter(FetchLimits limits) {
        this.limits = limits;
        this.end = System.nanoTime() + limits.time().toNanos();
    }

    /** Describes the limit that was exceeded; null when none was. */
    @CheckForNull
    String exceeded() {
        return exceeded;
    }

    /** JGit stops silently when the monitor is cancelled. */
    void requireNotExceeded() throws IOException {
        if (exceeded != null) {
            throw new IOException(exceeded);
        }
    }

    FetchLimits limits() {
        return limits;
    }

    /** An inserter that accepts packs only within the limits. */
    ObjectInserter within(ObjectInserter inserter) {
        return new ObjectInserter.Filter() {
            @Override
            protected ObjectInserter delegate() {
                return inserter;
            }

            @Override
            public PackParser newPackParser(InputStream in) throws IOException {
                PackParser parser = inserter.newPackParser(new CountingPackStream(in));
                parser.setMaxObjectSizeLimit(limits.objectBytes());
                return parser;
            }
        };
    }

    private final class CountingPackStream extends FilterInputStream {
        private final byte[] header = new byte[HEADER];
        private long count;

        CountingPackStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            for (int i = 0; i < read && count + i < HEADER; i++) {
                header[(int) count + i] = bytes[offset + i];
            }
            boolean begins = count < HEADER;
            count += Math.max(read, 0);
            if (begins && count >= HEADER && NB.decodeUInt32(header, COUNT_AT) > limits.objects()) {
                throw over("a fetch brings " + NB.decodeUInt32(header, COUNT_AT) + " objects, more than "
                        + limits.objects());
            }
            if (count > limits.packBytes()) {
                throw over("a fetch brings more than " + mebibytes(limits.packBytes()));
            }
            if (isCancelled()) {
                throw new IOException(exceeded);
            }
            return read;
        }
    }

    private IOException over(String what) {
        exceeded = what;
        return new IOException(what);
    }

    static String mebibytes(long bytes) {
        return bytes < 1 << 20 ? bytes + " bytes" : (bytes >> 20) + " MiB";
    }

    @Override
    public boolean isCancelled() {
        if (exceeded == null && System.nanoTime() > end) {
            exceeded = "a fetch takes longer than " + ReadableDuration.text(limits.time());
        }
        return exceeded != null;
    }

    @Override
    public void start(int totalTasks) {
        // Progress is not displayed.
    }

    @Override
    public void beginTask(String title, int totalWork) {
        // Progress is not displayed.
    }

    @Override
    public void update(int completed) {
        // Progress is not displayed.
    }

    @Override
    public void endTask() {
        // Progress is not displayed.
    }

    @Override
    public void showDuration(boolean enabled) {
        // Progress is not displayed.
    }
}
