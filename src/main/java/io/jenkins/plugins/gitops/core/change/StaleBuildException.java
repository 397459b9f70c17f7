package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** A newer build of the same job has written the image already; what the older one would write is out of date. */
public final class StaleBuildException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    StaleBuildException(String problem, String remedy) {
        super(problem, remedy);
    }
}
