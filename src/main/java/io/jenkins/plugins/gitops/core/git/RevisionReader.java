package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.objects.GitFileTree;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the clone holds of the past; no network. */
public final class RevisionReader {
    private final CommitLog commitLog;
    private final FileLog fileLog;
    private final TreeCache treeCache;

    RevisionReader(CommitLog commitLog, FileLog fileLog, TreeCache treeCache) {
        this.commitLog = commitLog;
        this.fileLog = fileLog;
        this.treeCache = treeCache;
    }

    /** Whether the clone holds a commit. */
    public boolean contains(String revision) {
        return commitLog.contains(revision);
    }

    /** As {@link ConfigRepository#files}. */
    public FileTree files(String revision) throws IOException {
        return new GitFileTree(treeCache, commitLog.tree(revision));
    }

    /** As {@link ConfigRepository#fileLog}. */
    public List<FileVersion> fileLog(String revision, String path, int limit) throws IOException {
        return fileLog.log(revision, path, limit);
    }

    /**
     * Who made what a commit did to a file: its author, its committer and those whom it names as co-authors. Of a merge also
     * those of the merged commits that changed the file.
     *
     * @return empty when that is too much to be found out
     * @throws IOException when the clone does not hold the commit
     */
    public Optional<Set<Author>> authors(String revision, String path) throws IOException {
        return commitLog.authors(revision, path, CommitLog.MAX_MERGED);
    }

    /** The same, with at most so many merged commits. */
    public Optional<Set<Author>> authors(String revision, String path, int mostMerged) throws IOException {
        return commitLog.authors(revision, path, mostMerged);
    }

    /**
     * Whether two commits came to the branch together, by a rebase: it gives commits a new time and the same committer. The
     * states between such commits never were the branch's.
     *
     * @throws IOException when the clone does not hold the commits
     */
    public boolean wereRebasedTogether(String older, String newer) throws IOException {
        return commitLog.wereRebasedTogether(older, newer);
    }
}
