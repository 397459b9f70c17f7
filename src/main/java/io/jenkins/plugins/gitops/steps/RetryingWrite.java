package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Writes the changes of a step. The repository itself retries for minutes while the Git host is unavailable. Changes
 * that must not be given up even then, because people approved them or a cluster needs them, are submitted again until
 * the step ends, with a delay that grows to a minute. Blocks no thread.
 */
final class RetryingWrite {
    private static final int MAX_PAUSE = 60;
    private static final int MAX_DOUBLINGS = 6;

    private final GitopsStepExecution step;
    private CompletableFuture<ChangeResult> pending;
    private ScheduledFuture<?> next;
    private int outages;
    private String reason = "";
    private boolean cancelled;

    RetryingWrite(GitopsStepExecution step) {
        this.step = step;
    }

    /** Submits a change, and logs to the build when it has to wait; cancelled when the step ends. */
    synchronized CompletableFuture<ChangeResult> submit(ConfigRepository clone, Change change) {
        // Only the first attempt logs its delays.
        pending = clone.submit(change, outages == 0 ? step::log : line -> {});
        if (cancelled) {
            pending.cancel(false);
        }
        return pending;
    }

    /**
     * Runs work again after a temporary error; after a restart, the step itself resumes the work.
     *
     * @param what is to be written, for the build's log
     * @return false for any other error, which the caller must handle
     */
    boolean retry(@CheckForNull Throwable problem, String what, GitopsStepExecution.Work work) {
        GitRemoteException failure = problem == null ? null : temporary(GitopsStepExecution.unwrap(problem));
        if (failure == null || step.hasEnded()) {
            return false;
        }
        if (!GitopsStepExecution.isStopping()) {
            String why = GitopsStepExecution.oneLine(String.valueOf(failure.getMessage()));
            if (isNews(why)) {
                step.log(Messages.RetryingWrite_Waiting(what, why));
            }
            schedule(work);
        }
        return true;
    }

    /** The first error: later ones contain the time spent retrying, which differs each time. */
    @CheckForNull
    private static GitRemoteException temporary(Throwable problem) {
        if (!(problem instanceof GitRemoteException failure) || !failure.isTemporary()) {
            return null;
        }
        return failure.getCause() instanceof GitRemoteException first ? first : failure;
    }

    private synchronized boolean isNews(String why) {
        boolean news = !why.equals(reason);
        reason = why;
        return news;
    }

    private synchronized void schedule(GitopsStepExecution.Work work) {
        if (!cancelled) {
            long pause = Math.min(MAX_PAUSE, 1L << Math.min(outages, MAX_DOUBLINGS));
            outages++;
            next = Timer.get().schedule(() -> step.runInBackground(work), pause, TimeUnit.SECONDS);
        }
    }

    /** Cancels pending writes because the step has ended; a push that has already started is not stopped. */
    synchronized void cancel() {
        cancelled = true;
        if (next != null) {
            next.cancel(false);
        }
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
