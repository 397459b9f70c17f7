package io.jenkins.plugins.gitops.agent.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Limits the concurrent requests of one application: otherwise one with thousands of objects would delay the requests
 * of all others. Responses are handled on the caller's thread, in the order of the requests.
 */
final class RequestWindow {
    static final int AT_ONCE = 16;

    private final Handler handler;
    private final Deque<Request> underWay = new ArrayDeque<>();

    /** Handles a response. */
    interface Handler {
        void handle(int index, CompletableFuture<Map<String, Object>> answer) throws ClusterException;
    }

    private record Request(int index, CompletableFuture<Map<String, Object>> answer) {}

    RequestWindow(Handler handler) {
        this.handler = handler;
    }

    /** Sends a request; if the limit is reached, first handles the response to the oldest one. */
    void send(int index, Supplier<CompletableFuture<Map<String, Object>>> request) throws ClusterException {
        if (underWay.size() == AT_ONCE) {
            handleOldest();
        }
        underWay.add(new Request(index, request.get()));
    }

    /** Waits for all responses. */
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
