package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.util.List;

/** The newest revision of the branch, with the changes of the same group before it, which may not be pushed yet. */
public interface BranchTip {
    /** How many changes of one target are remembered. */
    int MAX_CHANGES = 64;

    /** The files of this revision. */
    FileTree files();

    /** 40 hex digits. */
    String revision();

    /**
     * The commits whose {@link Trailers#TARGET} names this target, newest first: at most {@link #MAX_CHANGES}, from the
     * branch's newest 10,000 commits. Costs no walk.
     *
     * @param target {@code application/environment}
     * @throws IOException when the clone is damaged
     */
    List<CommitInfo> changes(String target) throws IOException;

    /** What is pushed already. */
    RevisionReader revisions();

    /**
     * The commits that changed one file, newest first, as {@link ConfigRepository#fileLog} tells them.
     *
     * @param limit at most so many
     * @throws IOException when the clone is damaged
     */
    List<FileVersion> fileLog(String path, int limit) throws IOException;
}
