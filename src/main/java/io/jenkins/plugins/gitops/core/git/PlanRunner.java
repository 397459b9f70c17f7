package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.ReadableDuration;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs planners on separate threads, each with a time limit, so that pathological files of one application do not delay
 * the changes of the others. A thread cannot be stopped, so one that exceeds the limit is abandoned.
 */
final class PlanRunner {
    private static final int MAX_ABANDONED = 16;
    private static final int IDLE_SECONDS = 10;

    private final Duration limit;
    private final AtomicInteger abandoned = new AtomicInteger();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), PlanRunner::thread);

    PlanRunner(Duration limit) {
        this.limit = limit;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "GitOps plan");
        thread.setDaemon(true);
        thread.setContextClassLoader(PlanRunner.class.getClassLoader());
        return thread;
    }

    /**
     * @throws UserErrorException when the planner rejects the change, or exceeds the time limit
     * @throws IOException thrown by the planner, or when this thread is interrupted
     */
    ChangePlan plan(ChangePlanner planner, BranchTip tip) throws UserErrorException, IOException {
        RevocableTip guarded = new RevocableTip(tip);
        return run(() -> planner.plan(guarded), guarded::close);
    }

    /** As {@link ChangePlanner#isDoneBy}, with the same limit. */
    boolean isDoneBy(ChangePlanner planner, CommitInfo commit, String operationId, RevisionReader revisionReader)
            throws UserErrorException, IOException {
        return run(() -> planner.isDoneBy(commit, operationId, revisionReader), () -> {});
    }

    private <T> T run(Callable<T> work, Runnable close) throws UserErrorException, IOException {
        if (abandoned.get() >= MAX_ABANDONED) {
            throw new UserErrorException(
                    "Planning of " + MAX_ABANDONED + " earlier changes to this repository has not finished yet",
                    "Check the files of the applications that were changed, or try again later");
        }
        PlanAttempt<T> attempt = new PlanAttempt<>(work, close);
        Future<T> plan = threads.submit(attempt);
        try {
            return plan.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            attempt.abandon(plan);
            throw new UserErrorException(
                            "Planning this change took longer than " + ReadableDuration.text(limit),
                            "Check the files of the application in Git: one of them may be too large or too deep")
                    .causedBy(e);
        } catch (InterruptedException e) {
            attempt.abandon(plan);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a change was planned");
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    /** Rethrows the planner's exception; a stack overflow means that a file is nested too deeply. */
    private static RuntimeException thrown(Throwable cause) throws UserErrorException, IOException {
        if (cause instanceof UserErrorException refused) {
            throw refused;
        }
        if (cause instanceof IOException failed) {
            throw failed;
        }
        if (cause instanceof StackOverflowError) {
            throw new IllegalStateException("the plan of the change recursed too deeply", cause);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException broken ? broken : new IllegalStateException(cause);
    }

    private final class PlanAttempt<T> implements Callable<T> {
        private final Callable<T> work;
        private final Runnable close;
        private boolean ended;
        private boolean counted;

        PlanAttempt(Callable<T> work, Runnable close) {
            this.work = work;
            this.close = close;
        }

        @Override
        public T call() throws Exception {
            try {
                return work.call();
            } finally {
                end();
            }
        }

        private synchronized void end() {
            ended = true;
            if (counted) {
                abandoned.decrementAndGet();
            }
        }

        void abandon(Future<T> plan) {
            plan.cancel(true);
            close.run();
            synchronized (this) {
                if (!ended) {
                    counted = true;
                    abandoned.incrementAndGet();
                }
            }
        }
    }
}
