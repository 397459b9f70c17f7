package io.jenkins.plugins.gitops.agent.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Requests of one application under way, a few at a time: one with thousands of objects would otherwise hold up the requests
 * of all others. Answers are handled by the caller's thread, in the order of the requests.
 */
final class RequestWindow {
    static final int AT_ONCE = 16;

    private final Handler handler;
    private final Deque<Request> underWay = new ArrayDeque<>();

    /** What becomes of an answer. */
    interface Handler {
        void handle(int index, CompletableFuture<Map<String, Object>> answer) throws ClusterException;
    }

    private record Request(int index, CompletableFuture<Map<String, Object>> answer) {}

    RequestWindow(Handler handler) {
        this.handler = handler;
    }

    /** Sends a request, after the answer to the oldest one was handled where there is no room. */
    void send(int index, Supplier<CompletableFuture<Map<String, Object>>> request) throws ClusterException {
        if (underWay.size() == AT_ONCE) {
            handleOldest();
        }
        underWay.add(new Request(index, request.get()));
    }

    /** Waits for all answers. */
    void finish() throws ClusterException {
        while (!underWay.isEmpty()) {
            handleOldest();
        }
    }

    private void handleOldest() throws ClusterException {
        Request oldest = underWay.remove();
        handler.handle(oldest.index(), oldest.answer());
    }
}
