package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.file.Path;

/** The folder of a clone is already open in this or another process. */
public final class CloneInUseException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    CloneInUseException(Path folder) {
        super(
                "The cache folder " + folder + " is in use by another process, or open twice in this one",
                "Stop the other process, or give each its own cache folder");
    }
}
