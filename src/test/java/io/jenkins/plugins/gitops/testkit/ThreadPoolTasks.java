package io.jenkins.plugins.gitops.testkit;

import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Waits until the plugin's background threads are idle, or occupies them all. */
public final class ThreadPoolTasks {
    /** The number of threads in the plugin's pool. */
    private static final int THREADS = 8;

    private ThreadPoolTasks() {}

    /**
     * Waits until the plugin's threads have completed all tasks that were queued before this call, and their follow-up
     * tasks.
     */
    public static void awaitIdle() throws InterruptedException {
        do {
            drain(ConfigRepositories.get().pool());
        } while (!SignedReports.isIdle());
        // Tasks that the other threads queued last.
        drain(ConfigRepositories.get().pool());
    }

    /** Waits until all tasks that were queued before this call are complete, by giving each thread another task. */
    private static void drain(ExecutorService pool) throws InterruptedException {
        CountDownLatch arrived = new CountDownLatch(THREADS);
        CountDownLatch leave = new CountDownLatch(1);
        for (int i = 0; i < THREADS; i++) {
            block(pool, arrived, leave);
        }
        boolean all = arrived.await(1, TimeUnit.MINUTES);
        leave.countDown();
        if (!all) {
            throw new AssertionError("the pool is stuck");
        }
    }

    /** Occupies all threads of the plugin's pool until Jenkins stops; returns when nothing else runs there. */
    public static void occupyPool() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            block(ConfigRepositories.get().pool(), arrived, never);
        }
        try {
            arrived.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Occupies one thread until released, or interrupted by the end of the pool. */
    private static void block(ExecutorService pool, CountDownLatch arrived, CountDownLatch leave) {
        pool.execute(() -> {
            arrived.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
