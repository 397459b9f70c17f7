package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.BranchTrees.TreeReader;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads earlier revisions from the clone; no network. */
public final class RevisionReader {
    private final CommitLog commitLog;
    private final FileLog fileLog;
    private final TreeCache treeCache;
    private final ReaderSource trees;

    /** Asked for each tree, since the policy may have changed. */
    @FunctionalInterface
    interface ReaderSource {
        TreeReader reader() throws IOException;
    }

    RevisionReader(CommitLog commitLog, FileLog fileLog, TreeCache treeCache, ReaderSource trees) {
        this.commitLog = commitLog;
        this.fileLog = fileLog;
        this.treeCache = treeCache;
        this.trees = trees;
    }

    /** Whether the clone contains a commit. */
    public boolean contains(String revision) {
        return commitLog.contains(revision);
    }

    /** As {@link ConfigRepository#files}. */
    public FileTree files(String revision) throws IOException {
        return trees.reader().tree(treeCache, commitLog.tree(revision));
    }

    /** As {@link ConfigRepository#fileLog}. */
    public List<FileVersion> fileLog(String revision, String path, int limit) throws IOException {
        return fileLog.log(revision, path, limit);
    }

    /**
     * The people who made a commit's change of a file: its author, committer and co-authors. For a merge, also those of
     * the merged commits that changed the file.
     *
     * @return empty when there are too many commits to determine them
     * @throws IOException when the clone does not contain the commit
     */
    public Optional<Set<Author>> authors(String revision, String path) throws IOException {
        return commitLog.authors(revision, path, CommitLog.MAX_MERGED);
    }

    /** As {@link #authors(String, String)}, with a limit for the number of merged commits. */
    public Optional<Set<Author>> authors(String revision, String path, int mostMerged) throws IOException {
        return commitLog.authors(revision, path, mostMerged);
    }

    /**
     * Whether two commits were added to the branch together by a rebase, which gives commits a new time and the same
     * committer. The branch itself never had the states between such commits.
     *
     * @throws IOException when the clone does not contain the commits
     */
    public boolean wereRebasedTogether(String older, String newer) throws IOException {
        return commitLog.wereRebasedTogether(older, newer);
    }
}
