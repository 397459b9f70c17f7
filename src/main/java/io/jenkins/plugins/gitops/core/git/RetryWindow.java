package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.time.Duration;

/** How long something is tried again while a remote is in trouble. Used by one thread at a time. */
final class RetryWindow {
    /** How often an answer that makes no sense is taken for trouble that passes. */
    private static final int DOUBTFUL_TRIES = 3;

    private final long begun = System.nanoTime();
    private final Duration deadline;
    private int tries;
    private int doubtfulTries;

    RetryWindow(Duration deadline) {
        this.deadline = deadline;
    }

    /** Notes one more try. */
    void countAttempt() {
        tries++;
    }

    /** Until it is given up. */
    Duration remaining() {
        return deadline.minusNanos(System.nanoTime() - begun);
    }

    /** Whether it is not tried again after this trouble: for too long already, or too late when the remote may be asked. */
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

    /** The pause before the next try; not longer than what is left, unless the remote asks for it. */
    Duration limitPause(Duration pause, GitRemoteException trouble) {
        Duration left = remaining();
        Duration next = trouble.retryAfter().isEmpty() && left.compareTo(pause) < 0 ? left : pause;
        return next.isNegative() ? Duration.ZERO : next;
    }

    /** What is told when it is not tried again. */
    GitRemoteException failure(GitRemoteException trouble) {
        return tries > 1 ? trouble.withRetryDuration(Duration.ofNanos(System.nanoTime() - begun)) : trouble;
    }
}
