package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.time.Duration;
import java.util.Optional;

/** The remote could not be read or written: not there, not let in, no such branch, no answer. */
public final class GitFailure extends RefusedException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String wayOut;
    private final Persistence persistence;

    @CheckForNull
    private final Duration retryAfter;

    /** How long a failure may last. */
    enum Persistence {
        /** Until somebody changes something. */
        FINAL,
        /** Nobody can say: an answer that makes no sense comes from a server in trouble, or from a wrong address. */
        DOUBTFUL,
        /** The same may work later with nothing changed. */
        TEMPORARY
    }

    /**
     * @param what what is wrong, with the repository's URL (which holds no user info), without a full stop
     * @param wayOut what the user can do, without a full stop
     */
    public GitFailure(String what, String wayOut) {
        this(what, wayOut, Persistence.FINAL, null);
    }

    /**
     * @param what what is wrong, with the repository's URL (which holds no user info), without a full stop
     * @param wayOut what the user can do, without a full stop
     * @param temporary whether the same may work later with nothing changed
     */
    public GitFailure(String what, String wayOut, boolean temporary) {
        this(what, wayOut, temporary ? Persistence.TEMPORARY : Persistence.FINAL, null);
    }

    /** @param retryAfter how long the remote asked to be left alone; null when it did not */
    GitFailure(String what, String wayOut, Persistence persistence, @CheckForNull Duration retryAfter) {
        super(what, wayOut);
        this.what = what;
        this.wayOut = wayOut;
        this.persistence = persistence;
        this.retryAfter = retryAfter;
    }

    /** Whether the same may work later with nothing changed: the remote did not answer, or said that it could not. */
    public boolean isTemporary() {
        return persistence != Persistence.FINAL;
    }

    /** Whether it is tried again a few times only, since nobody can say whether that helps. */
    boolean isDoubtful() {
        return persistence == Persistence.DOUBTFUL;
    }

    /** How long the remote asked to be left alone; empty when it did not. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What is wrong, without the way out. */
    String what() {
        return what;
    }

    /** The same, told with how long it was tried. */
    GitFailure triedFor(Duration time) {
        return new GitFailure(what + ", also when tried again for " + Durations.text(time), wayOut, persistence, null)
                .causedBy(this);
    }

    @Override
    public GitFailure causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
