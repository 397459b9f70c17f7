package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The branch that the agent follows. */
public interface GitSource extends AutoCloseable {
    /** Fetches from the remote; returns the newest revision, 40 hex digits. */
    String fetch() throws UserErrorException;

    /** The short name of the branch; {@code HEAD} while the default branch is not known yet. */
    String branch();

    /** The files of a fetched revision. */
    FileTree files(String revision) throws IOException;

    /**
     * The revisions of the branch from a commit on: the commit itself, then the first-parent line up to the tip, oldest
     * first.
     *
     * @param since 12 to 40 hex digits
     * @param most the number of newest commits to search for the first one
     * @return empty if the commit is not found among them
     */
    Optional<List<String>> revisionsSince(String since, String tip, int most) throws IOException;

    /** The commit without parents at the end of a revision's first-parent line, 40 hex digits. */
    String root(String revision) throws IOException;

    /** Whether the first is an ancestor of the second, or equal to it; false if either is unknown. */
    boolean isAncestor(String ancestor, String descendant) throws IOException;

    @Override
    void close();
}
