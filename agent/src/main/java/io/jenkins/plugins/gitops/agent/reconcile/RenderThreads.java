package io.jenkins.plugins.gitops.agent.reconcile;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * The threads that render, separate from those that compare and apply: a slow rendering delays neither the healing of
 * other applications nor, after their first rendering, their next commits. Before {@link #start}, the caller runs
 * everything.
 */
final class RenderThreads implements AutoCloseable {
    /** A rendering waits only for others in its lane. */
    enum Lane {
        /** For an application whose last rendering took an ordinary time. */
        QUICK(2),
        /** For an application that this process has not rendered yet. */
        NEW(3),
        /**
         * For an application whose rendering is slow, or was running when an earlier process ended. One at a time, so
         * that it is known which one ends this process.
         */
        SLOW(1);

        private final int threads;

        Lane(int threads) {
            this.threads = threads;
        }
    }

    private final Map<Lane, ExecutorService> lanes = new EnumMap<>(Lane.class);
    private final StuckWorkDetector stuckWorkDetector;
    private final Consumer<String> done;
    private volatile boolean started;

    /**
     * @param stuckWorkDetector monitors the renderings
     * @param done receives the application after each rendering by one of the threads
     */
    RenderThreads(StuckWorkDetector stuckWorkDetector, Consumer<String> done) {
        this.stuckWorkDetector = stuckWorkDetector;
        this.done = done;
    }

    /** Creates an instance where the caller runs everything. */
    static RenderThreads ofCaller() {
        return new RenderThreads(new StuckWorkDetector(), application -> {});
    }

    /** @param factory creates daemon threads */
    void start(ThreadFactory factory) {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, Executors.newFixedThreadPool(lane.threads, factory));
        }
        started = true;
    }

    /**
     * Renders for an application; the future contains any exception.
     *
     * @return already completed if the caller had to run it
     */
    <T> Future<T> submit(Lane lane, String application, Callable<T> rendering) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (!started) {
            run(rendering, result);
            return result;
        }
        try {
            lanes.get(lane).execute(() -> {
                String work = "the rendering of application " + application;
                stuckWorkDetector.begin(work, System.nanoTime());
                try {
                    run(rendering, result);
                } finally {
                    stuckWorkDetector.end(work);
                    done.accept(application);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e); // The agent is stopping.
        }
        return result;
    }

    private static <T> void run(Callable<T> rendering, CompletableFuture<T> result) {
        try {
            result.complete(rendering.call());
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
            result.completeExceptionally(e);
        }
    }

    /** Starts no more renderings; running ones end with the process. */
    @Override
    public void close() {
        lanes.values().forEach(ExecutorService::shutdownNow);
    }
}
