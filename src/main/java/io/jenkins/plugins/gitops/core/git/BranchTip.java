package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.util.List;

/**
 * The newest revision of the branch, including the preceding changes of the same group, which may not be pushed yet.
 */
public interface BranchTip {
    /** Maximum number of changes of one target that are available. */
    int MAX_CHANGES = 64;

    /** The files of this revision. */
    FileTree files();

    /** 40 hex digits. */
    String revision();

    /**
     * The commits with this target in a {@link Trailers#TARGET} trailer, newest first: at most {@link #MAX_CHANGES},
     * from the branch's newest 10,000 commits. Uses an index instead of walking the history.
     *
     * @param target {@code application/environment}
     * @throws IOException when the clone is corrupt
     */
    List<CommitInfo> changes(String target) throws IOException;

    /** Reads revisions that are already pushed. */
    RevisionReader revisions();

    /**
     * The commits that changed one file, newest first, as {@link ConfigRepository#fileLog}.
     *
     * @param limit maximum number of commits
     * @throws IOException when the clone is corrupt
     */
    List<FileVersion> fileLog(String path, int limit) throws IOException;
}
