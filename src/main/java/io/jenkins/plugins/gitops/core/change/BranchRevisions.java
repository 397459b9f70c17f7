package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** What the clones hold of the branches of one config repository; no network. */
@FunctionalInterface
public interface BranchRevisions {
    /** Of a repository of which only the branch at hand is known. */
    BranchRevisions NONE = branch -> {
        throw new UserErrorException(
                (branch == null ? "The branch of the policy" : "Branch " + branch) + " has not been read",
                "Promote with gitopsPromote");
    };

    /**
     * Reads a branch.
     *
     * @param branch short name; null for the one that {@code gitops.yaml} is read from
     * @throws UserErrorException when it was not fetched yet, or cannot be opened
     */
    RevisionReader of(@CheckForNull String branch) throws UserErrorException;
}
