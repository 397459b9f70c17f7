package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The branch that the agent follows. */
public interface GitSource extends AutoCloseable {
    /** Asks the remote; the newest revision, 40 hex digits. */
    String fetch() throws UserErrorException;

    /** The files of a revision that was fetched. */
    FileTree files(String revision) throws IOException;

    /**
     * What the branch held from a commit on: the commit itself, then the first-parent line up to the tip, oldest first.
     *
     * @param since 12 to 40 hex digits
     * @param most among so many of the newest commits the first one is looked for
     * @return empty when the commit is not among those that lead to the tip
     */
    Optional<List<String>> revisionsSince(String since, String tip, int most) throws IOException;

    /** The commit without parents at the end of a revision's first-parent line, 40 hex digits. */
    String root(String revision) throws IOException;

    /** Whether the one is the other or led to it; false when either is not known. */
    boolean isAncestor(String ancestor, String descendant) throws IOException;

    @Override
    void close();
}
