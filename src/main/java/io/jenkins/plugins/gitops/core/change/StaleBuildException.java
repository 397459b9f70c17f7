package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** A newer build of the same job has already written the image, so the change of the older build is outdated. */
public final class StaleBuildException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    StaleBuildException(String problem, String remedy) {
        super(problem, remedy);
    }
}
