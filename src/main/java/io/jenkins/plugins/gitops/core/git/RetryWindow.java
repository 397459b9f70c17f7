package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.time.Duration;

/** Decides how long an operation is retried while a remote is unavailable. Not thread-safe. */
final class RetryWindow {
    /** How often an unintelligible response counts as a temporary error. */
    private static final int DOUBTFUL_TRIES = 3;

    private final long begun = System.nanoTime();
    private final Duration deadline;
    private int tries;
    private int doubtfulTries;

    RetryWindow(Duration deadline) {
        this.deadline = deadline;
    }

    /** Counts an attempt. */
    void countAttempt() {
        tries++;
    }

    /** Time until the deadline. */
    Duration remaining() {
        return deadline.minusNanos(System.nanoTime() - begun);
    }

    /**
     * Whether to give up after this error: the deadline has passed, or would pass before the remote accepts requests
     * again.
     */
    boolean isOver(GitRemoteException trouble) {
        Duration left = remaining();
        if (trouble.isUncertain() && ++doubtfulTries >= DOUBTFUL_TRIES) {
            return true;
        }
        return left.isNegative()
                || left.isZero()
                || trouble.retryAfter()
                        .filter(asked -> asked.compareTo(left) > 0)
                        .isPresent();
    }

    /** The delay before the next attempt; limited to the remaining time, unless the remote requests a longer one. */
    Duration limitPause(Duration pause, GitRemoteException trouble) {
        Duration left = remaining();
        Duration next = trouble.retryAfter().isEmpty() && left.compareTo(pause) < 0 ? left : pause;
        return next.isNegative() ? Duration.ZERO : next;
    }

    /** The error to report when it is not retried. */
    GitRemoteException failure(GitRemoteException trouble) {
        return tries > 1 ? trouble.withRetryDuration(Duration.ofNanos(System.nanoTime() - begun)) : trouble;
    }
}
