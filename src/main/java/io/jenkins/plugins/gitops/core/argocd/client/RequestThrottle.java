package io.jenkins.plugins.gitops.core.argocd.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Allows at most 4 concurrent requests, at most 3 of them slow ones. */
final class RequestThrottle {
    private static final int ALL = 4;
    private static final int SLOW = 3;

    private final Deque<Runnable> quickWaiting = new ArrayDeque<>();
    private final Deque<Runnable> slowWaiting = new ArrayDeque<>();
    private int running;
    private int slowRunning;

    /**
     * Starts a request, now or when another one has ended.
     *
     * @param slow whether the server does some work before it responds
     */
    <T> CompletableFuture<T> run(boolean slow, Supplier<CompletableFuture<T>> request) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable start = () -> start(slow, request, result);
        synchronized (this) {
            (slow ? slowWaiting : quickWaiting).add(start);
        }
        startNext();
        return result;
    }

    private <T> void start(boolean slow, Supplier<CompletableFuture<T>> request, CompletableFuture<T> result) {
        CompletableFuture<T> started;
        try {
            started = request.get();
        } catch (RuntimeException e) {
            started = CompletableFuture.failedFuture(e);
        }
        started.whenComplete((value, error) -> {
            synchronized (this) {
                running--;
                slowRunning -= slow ? 1 : 0;
            }
            startNext();
            if (error == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(error);
            }
        });
    }

    private void startNext() {
        List<Runnable> next = new ArrayList<>();
        synchronized (this) {
            while (running < ALL && !quickWaiting.isEmpty()) {
                next.add(quickWaiting.poll());
                running++;
            }
            while (running < ALL && slowRunning < SLOW && !slowWaiting.isEmpty()) {
                next.add(slowWaiting.poll());
                running++;
                slowRunning++;
            }
        }
        next.forEach(Runnable::run);
    }
}
