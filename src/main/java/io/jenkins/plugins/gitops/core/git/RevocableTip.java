package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A tip for a planner on another thread, which may be abandoned: after {@link #close}, all queries fail. */
final class RevocableTip implements BranchTip, AutoCloseable {
    private final BranchTip tip;
    private boolean closed;

    RevocableTip(BranchTip tip) {
        this.tip = tip;
    }

    private interface Query<T> {
        T run() throws IOException;
    }

    /** Waits for a running query. */
    @Override
    public synchronized void close() {
        closed = true;
    }

    private synchronized <T> T query(Query<T> query) throws IOException {
        requireOpen();
        return query.run();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the plan took too long and was abandoned");
        }
    }

    @Override
    public FileTree files() {
        return new RevocableFileTree();
    }

    @Override
    public synchronized String revision() {
        requireOpen();
        return tip.revision();
    }

    /** The reader is thread-safe, so it needs no guard. */
    @Override
    public synchronized RevisionReader revisions() {
        requireOpen();
        return tip.revisions();
    }

    @Override
    public List<CommitInfo> changes(String target) throws IOException {
        return query(() -> tip.changes(target));
    }

    @Override
    public List<FileVersion> fileLog(String path, int limit) throws IOException {
        return query(() -> tip.fileLog(path, limit));
    }

    private final class RevocableFileTree implements FileTree {
        @Override
        public Optional<byte[]> read(String path) throws IOException, UserErrorException {
            synchronized (RevocableTip.this) {
                requireOpen();
                return tip.files().read(path);
            }
        }

        @Override
        public Optional<String> contentId(String path) throws IOException, UserErrorException {
            synchronized (RevocableTip.this) {
                requireOpen();
                return tip.files().contentId(path);
            }
        }

        @CheckForNull
        @Override
        public ContentCache cache() {
            return tip.files().cache();
        }

        @Override
        public TreeBranch branch() {
            return tip.files().branch();
        }

        @Override
        public List<Entry> list(String folder) throws IOException {
            return query(() -> tip.files().list(folder));
        }
    }
}
