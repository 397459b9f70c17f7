package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentMemory;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A tip for a planner on another thread, which may be given up: from then on it is told nothing more. */
final class GuardedTip implements Tip, AutoCloseable {
    private final Tip tip;
    private boolean closed;

    GuardedTip(Tip tip) {
        this.tip = tip;
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    /** Waits for a question that is being answered. */
    @Override
    public synchronized void close() {
        closed = true;
    }

    private synchronized <T> T ask(Question<T> question) throws IOException {
        requireOpen();
        return question.ask();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the plan took too long and was given up");
        }
    }

    @Override
    public FileTree files() {
        return new Files();
    }

    @Override
    public synchronized String revision() {
        requireOpen();
        return tip.revision();
    }

    /** May be used by several threads, so it needs no guard. */
    @Override
    public synchronized Revisions revisions() {
        requireOpen();
        return tip.revisions();
    }

    @Override
    public List<CommitInfo> changes(String target) throws IOException {
        return ask(() -> tip.changes(target));
    }

    @Override
    public List<FileVersion> fileLog(String path, int limit) throws IOException {
        return ask(() -> tip.fileLog(path, limit));
    }

    private final class Files implements FileTree {
        @Override
        public Optional<byte[]> read(String path) throws IOException, RefusedException {
            synchronized (GuardedTip.this) {
                requireOpen();
                return tip.files().read(path);
            }
        }

        @Override
        public Optional<String> contentId(String path) throws IOException, RefusedException {
            synchronized (GuardedTip.this) {
                requireOpen();
                return tip.files().contentId(path);
            }
        }

        @CheckForNull
        @Override
        public ContentMemory memory() {
            return tip.files().memory();
        }

        @Override
        public List<Entry> list(String folder) throws IOException {
            return ask(() -> tip.files().list(folder));
        }
    }
}
