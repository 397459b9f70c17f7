package io.jenkins.plugins.gitops.agent.embedded;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * One watch: the events of a kind since a version, as text frames. One thread sends the frames, so they are in order.
 */
final class WatchStream extends WebSocketListener {
    private final ObjectStore store;
    private final ApiRequestPath target;
    private final Selector selector;
    private final Representation representation;
    private final Executor sender;
    private final Consumer<ObjectStore.StoreEvent> listener = this::offer;
    private volatile WebSocket socket;

    WatchStream(
            ObjectStore store,
            ApiRequestPath target,
            Selector selector,
            Representation representation,
            Executor sender) {
        this.store = store;
        this.target = target;
        this.selector = selector;
        this.representation = representation;
        this.sender = sender;
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        socket = webSocket;
        String from = target.query().get("resourceVersion");
        synchronized (store) {
            if (from == null || from.isEmpty() || from.equals("0")) {
                store.list(target.kind().group(), target.kind().plural(), target.namespace()).values().stream()
                        .filter(selector::matches)
                        .forEach(object -> send("ADDED", representation.of(object)));
            } else {
                List<ObjectStore.StoreEvent> missed = store.since(Long.parseLong(from));
                if (missed == null) {
                    send(
                            "ERROR",
                            Map.of(
                                    "kind",
                                    "Status",
                                    "apiVersion",
                                    "v1",
                                    "status",
                                    "Failure",
                                    "code",
                                    410,
                                    "reason",
                                    "Expired",
                                    "message",
                                    "too old resource version: " + from));
                    return;
                }
                missed.forEach(this::offer);
            }
            store.listen(listener);
        }
    }

    private void offer(ObjectStore.StoreEvent event) {
        boolean mine = event.key().isOf(target.kind().group(), target.kind().plural())
                && (target.namespace().isEmpty()
                        || target.namespace().equals(event.key().namespace()));
        if (!mine) {
            return;
        }
        boolean before = selector.matches(event.before());
        boolean after = selector.matches(event.after());
        if (after) {
            send(before ? "MODIFIED" : "ADDED", representation.of(event.after()));
        } else if (before) {
            send("DELETED", representation.of(event.after() == null ? event.before() : event.after()));
        }
    }

    /** Sends an event. The type comes first, since clients may rely on that. */
    private void send(String type, Map<String, Object> object) {
        try {
            sender.execute(() -> {
                Map<String, Object> event = new LinkedHashMap<>();
                event.put("type", type);
                event.put("object", object);
                String frame = JsonTree.format(event);
                if (!socket.send(frame)) {
                    store.forget(listener);
                }
            });
        } catch (RejectedExecutionException e) {
            store.forget(listener); // The cluster is being closed.
        }
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        store.forget(listener);
        webSocket.close(code, reason);
    }

    @Override
    public void onClosed(WebSocket webSocket, int code, String reason) {
        store.forget(listener);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable error, Response response) {
        store.forget(listener);
    }
}
