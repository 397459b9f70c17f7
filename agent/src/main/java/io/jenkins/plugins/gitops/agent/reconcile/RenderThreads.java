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
 * The threads that render, apart from those that compare and apply: what takes long to render holds up neither the healing of
 * other applications nor, once these were rendered, their next commits. Before {@link #start} everything is run by the caller.
 */
final class RenderThreads implements AutoCloseable {
    /** What a rendering has to wait for: others of its lane only. */
    enum Lane {
        /** Of an application that was rendered in an ordinary time before. */
        QUICK(2),
        /** Of one that this process has not rendered. */
        NEW(3),
        /**
         * Of one that took long, or was being rendered when an earlier process ended. One at a time, so that it is known which
         * one ends this process.
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
     * @param stuckWorkDetector gets what is rendered
     * @param done gets the application whenever something was rendered for it by one of the threads
     */
    RenderThreads(StuckWorkDetector stuckWorkDetector, Consumer<String> done) {
        this.stuckWorkDetector = stuckWorkDetector;
        this.done = done;
    }

    /** Everything is run by the caller. */
    static RenderThreads ofCaller() {
        return new RenderThreads(new StuckWorkDetector(), application -> {});
    }

    /** @param factory of daemon threads */
    void start(ThreadFactory factory) {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, Executors.newFixedThreadPool(lane.threads, factory));
        }
        started = true;
    }

    /**
     * Renders for an application; an exception comes out of the future.
     *
     * @return done already when the caller had to run it
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
            result.completeExceptionally(e); // The agent stops.
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

    /** Begins nothing any more; what is being rendered ends with the process. */
    @Override
    public void close() {
        lanes.values().forEach(ExecutorService::shutdownNow);
    }
}
