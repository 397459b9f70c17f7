package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.RefusedException;

/** The remote could not be read or written: not there, not let in, no such branch, no answer. */
public final class GitFailure extends RefusedException {
    private static final long serialVersionUID = 1L;

    private final boolean temporary;

    /**
     * @param what what is wrong, with the repository's URL (which holds no user info), without a full stop
     * @param wayOut what the user can do, without a full stop
     */
    public GitFailure(String what, String wayOut) {
        this(what, wayOut, false);
    }

    /**
     * @param what what is wrong, with the repository's URL (which holds no user info), without a full stop
     * @param wayOut what the user can do, without a full stop
     * @param temporary whether the same may work later with nothing changed
     */
    public GitFailure(String what, String wayOut, boolean temporary) {
        super(what, wayOut);
        this.temporary = temporary;
    }

    /** Whether the same may work later with nothing changed: the remote did not answer, or said that it could not. */
    public boolean isTemporary() {
        return temporary;
    }

    @Override
    public GitFailure causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
