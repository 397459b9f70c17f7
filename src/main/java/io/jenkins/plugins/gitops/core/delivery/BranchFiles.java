package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;

/** Gives the files of the branches that a {@code gitops.yaml} names besides its own. */
@FunctionalInterface
public interface BranchFiles {
    /** For a local folder, which has no branches. */
    BranchFiles NONE = branch -> {
        throw new UserErrorException(
                "The targets on branch " + branch + " are not known, because a local folder has no branches",
                "Name the repository instead");
    };

    /**
     * The newest known files of a branch, which know their {@link FileTree#branch}.
     *
     * @throws UserErrorException when there is no such branch, or it cannot be read
     * @throws IOException when the clone cannot be read
     */
    FileTree of(String branch) throws UserErrorException, IOException;
}
