package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A submitted change, and the future of its result. It is not written if it is cancelled in time. */
final class PendingChange extends CompletableFuture<ChangeResult> {
    private static final Logger LOGGER = Logger.getLogger(PendingChange.class.getName());

    private final Change change;
    private final Consumer<String> progress;
    private final RetryWindow retryWindow;
    private boolean underWay;
    private boolean withdrawn;

    PendingChange(Change asked, Consumer<String> progress, Duration deadline) {
        this.change = asked.with(asked.planner().after(tip -> {
            if (isWithdrawn()) {
                throw new CancellationException("the change was cancelled");
            }
        }));
        this.progress = progress;
        this.retryWindow = new RetryWindow(deadline);
    }

    Change change() {
        return change;
    }

    /**
     * Starts writing unless the change was cancelled; from now on it cannot be cancelled, since it may be in a running
     * push.
     */
    synchronized boolean start() {
        underWay = !withdrawn && !isDone();
        retryWindow.countAttempt();
        return underWay;
    }

    /** Marks it as waiting again, since it was not written. */
    synchronized void pause() {
        underWay = false;
    }

    private synchronized boolean isWithdrawn() {
        return withdrawn;
    }

    /**
     * Cancels the change.
     *
     * @return false when it is being pushed: then it completes with the result of the push, and is not retried
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        synchronized (this) {
            withdrawn = true;
            if (underWay) {
                return false;
            }
        }
        return super.cancel(mayInterruptIfRunning);
    }

    /**
     * Whether it is not retried after this error: the deadline has passed, or would pass before the remote accepts
     * requests again.
     */
    synchronized boolean isOver(GitRemoteException trouble) {
        return retryWindow.isOver(trouble) || withdrawn;
    }

    /** Limits a delay to the deadline of this change. */
    synchronized Duration limitPause(Duration pause, GitRemoteException trouble) {
        return retryWindow.limitPause(pause, trouble);
    }

    /** The exception to complete it with when it is not retried. */
    synchronized Exception failure(GitRemoteException trouble) {
        if (withdrawn) {
            return new CancellationException("the change was cancelled");
        }
        return retryWindow.failure(trouble);
    }

    /** Passes a line to the caller's progress listener. */
    void log(String line) {
        try {
            progress.accept(line);
        } catch (RuntimeException e) {
            LOGGER.log(Level.FINE, "The progress of a change could not be reported", e);
        }
    }

    /** Completes it with its outcome. */
    void completeWith(CommitGroup.ChangeOutcome outcome) {
        Throwable failure = outcome.failure();
        if (failure == null) {
            complete(outcome.result());
        } else if (failure instanceof CancellationException) {
            super.cancel(false);
        } else {
            completeExceptionally(failure);
        }
    }
}
