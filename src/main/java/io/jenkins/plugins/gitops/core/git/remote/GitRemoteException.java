package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Duration;
import java.util.Optional;

/** The remote could not be read or written: not there, not let in, no such branch, no answer. */
public final class GitRemoteException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;
    private final Persistence persistence;

    @CheckForNull
    private final Duration retryAfter;

    /** How long a failure may last. */
    public enum Persistence {
        /** Until somebody changes something. */
        FINAL,
        /** Nobody can say: an answer that makes no sense comes from a server in trouble, or from a wrong address. */
        UNCERTAIN,
        /** The same may work later with nothing changed. */
        TEMPORARY
    }

    /**
     * @param problem what is wrong, with the repository's URL (which holds no user info), without a full stop
     * @param remedy what the user can do, without a full stop
     */
    public GitRemoteException(String problem, String remedy) {
        this(problem, remedy, Persistence.FINAL, null);
    }

    /**
     * @param problem what is wrong, with the repository's URL (which holds no user info), without a full stop
     * @param remedy what the user can do, without a full stop
     * @param temporary whether the same may work later with nothing changed
     */
    public GitRemoteException(String problem, String remedy, boolean temporary) {
        this(problem, remedy, temporary ? Persistence.TEMPORARY : Persistence.FINAL, null);
    }

    /** @param retryAfter how long the remote asked to be left alone; null when it did not */
    public GitRemoteException(
            String problem, String remedy, Persistence persistence, @CheckForNull Duration retryAfter) {
        super(problem, remedy);
        this.problem = problem;
        this.remedy = remedy;
        this.persistence = persistence;
        this.retryAfter = retryAfter;
    }

    /** Whether the same may work later with nothing changed: the remote did not answer, or said that it could not. */
    public boolean isTemporary() {
        return persistence != Persistence.FINAL;
    }

    /** Whether it is tried again a few times only, since nobody can say whether that helps. */
    public boolean isUncertain() {
        return persistence == Persistence.UNCERTAIN;
    }

    /** How long the remote asked to be left alone; empty when it did not. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What is wrong, without the way out. */
    public String problem() {
        return problem;
    }

    /** The same, told with how long it was tried. */
    public GitRemoteException withRetryDuration(Duration time) {
        return new GitRemoteException(
                        problem + ", also after retrying for " + ReadableDuration.text(time), remedy, persistence, null)
                .causedBy(this);
    }

    @Override
    public GitRemoteException causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
