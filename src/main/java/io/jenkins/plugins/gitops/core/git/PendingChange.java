package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A change that was asked for and what will become of it. Cancelled, it is not written any more. */
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

    /** Whether it is to be written; from now on it cannot be cancelled, since it may be on its way. */
    synchronized boolean start() {
        underWay = !withdrawn && !isDone();
        retryWindow.countAttempt();
        return underWay;
    }

    /** It was not written, and waits again. */
    synchronized void pause() {
        underWay = false;
    }

    private synchronized boolean isWithdrawn() {
        return withdrawn;
    }

    /**
     * Takes it back.
     *
     * @return false when it is being pushed at this moment: then it is told what becomes of it, and it is not tried again
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

    /** Whether it is not tried again after this trouble: for too long already, too late when the remote may be asked. */
    synchronized boolean isOver(GitRemoteException trouble) {
        return retryWindow.isOver(trouble) || withdrawn;
    }

    /** A pause that its caller bears. */
    synchronized Duration limitPause(Duration pause, GitRemoteException trouble) {
        return retryWindow.limitPause(pause, trouble);
    }

    /** What its caller is told when it is not tried again. */
    synchronized Exception failure(GitRemoteException trouble) {
        if (withdrawn) {
            return new CancellationException("the change was cancelled");
        }
        return retryWindow.failure(trouble);
    }

    /** Tells its caller one line. */
    void log(String line) {
        try {
            progress.accept(line);
        } catch (RuntimeException e) {
            LOGGER.log(Level.FINE, "The progress of a change could not be reported", e);
        }
    }

    /** Completes it with what became of it. */
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
