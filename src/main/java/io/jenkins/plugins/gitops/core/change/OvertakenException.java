package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.model.RefusedException;

/** A newer build of the same job has written the image already; what the older one would write is out of date. */
public final class OvertakenException extends RefusedException {
    private static final long serialVersionUID = 1L;

    OvertakenException(String what, String wayOut) {
        super(what, wayOut);
    }
}
