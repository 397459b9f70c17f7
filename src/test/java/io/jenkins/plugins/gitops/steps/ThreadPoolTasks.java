package io.jenkins.plugins.gitops.steps;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Holds a pool of a known number of threads still, or waits until it has nothing left to do. */
final class ThreadPoolTasks {
    /** As many as the plugin's pool has. */
    static final int THREADS = 8;

    private ThreadPoolTasks() {}

    /** Waits until all that was queued before this call is done: a task on each thread, behind the others. */
    static void drain(ExecutorService pool) throws InterruptedException {
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

    /** Occupies one thread until released, or interrupted by the end of the pool. */
    static void block(ExecutorService pool, CountDownLatch arrived, CountDownLatch leave) {
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
