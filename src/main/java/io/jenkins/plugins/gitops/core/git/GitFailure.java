package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.RefusedException;

/** The remote could not be read or written: not there, not let in, no such branch, no answer. Nothing was changed. */
public final class GitFailure extends RefusedException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what is wrong, with the repository's URL (which holds no user info), without a full stop
     * @param wayOut what the user can do, without a full stop
     */
    public GitFailure(String what, String wayOut) {
        super(what, wayOut);
    }
}
