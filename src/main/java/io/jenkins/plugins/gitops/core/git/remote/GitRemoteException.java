package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Duration;
import java.util.Optional;

/**
 * The remote could not be read or written, for example because it is unreachable, denies access, or lacks the branch.
 */
public final class GitRemoteException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;
    private final Persistence persistence;

    @CheckForNull
    private final Duration retryAfter;

    /** Whether an error is permanent. */
    public enum Persistence {
        /** Permanent until the cause is fixed. */
        FINAL,
        /** Unknown: an unintelligible response may come from a failing server, or from a wrong address. */
        UNCERTAIN,
        /** A retry may succeed without any change. */
        TEMPORARY
    }

    /**
     * @param problem the error, with the repository's URL (without user info) and without a full stop
     * @param remedy what the user can do, without a full stop
     */
    public GitRemoteException(String problem, String remedy) {
        this(problem, remedy, Persistence.FINAL, null);
    }

    /**
     * @param problem the error, with the repository's URL (without user info) and without a full stop
     * @param remedy what the user can do, without a full stop
     * @param temporary whether a retry may succeed without any change
     */
    public GitRemoteException(String problem, String remedy, boolean temporary) {
        this(problem, remedy, temporary ? Persistence.TEMPORARY : Persistence.FINAL, null);
    }

    /** @param retryAfter delay that the remote requested; null for none */
    public GitRemoteException(
            String problem, String remedy, Persistence persistence, @CheckForNull Duration retryAfter) {
        super(problem, remedy);
        this.problem = problem;
        this.remedy = remedy;
        this.persistence = persistence;
        this.retryAfter = retryAfter;
    }

    /** Whether a retry may succeed without any change: the remote did not respond, or reported a temporary failure. */
    public boolean isTemporary() {
        return persistence != Persistence.FINAL;
    }

    /** Whether only a few retries are made, since it is unknown whether they help. */
    public boolean isUncertain() {
        return persistence == Persistence.UNCERTAIN;
    }

    /** The delay that the remote requested; empty for none. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The error, without the remedy. */
    public String problem() {
        return problem;
    }

    /** A copy whose message includes how long it was retried. */
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
