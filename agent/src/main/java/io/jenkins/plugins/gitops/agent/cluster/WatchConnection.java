package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One connection of a watch. Its events are handled one after the other, and the next one is read only after the last
 * one was handled, so that a burst of large objects waits on the server and not in memory.
 */
final class WatchConnection implements WebSocket.Listener {
    private static final int NORMAL_CLOSURE = 1000;

    private final Handler handler;
    private final Executor executor;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile WebSocket socket;

    /** Called in the order of the events, never concurrently. */
    interface Handler {
        /**
         * Receives the JSON of one event.
         *
         * @return false to end the connection
         */
        boolean received(String event);

        /**
         * Called once, after the last event.
         *
         * @param cause null if the connection was closed normally
         */
        void ended(@CheckForNull Throwable cause);
    }

    /** @param executor calls the handler, one task at a time */
    WatchConnection(Handler handler, Executor executor) {
        this.handler = handler;
        this.executor = executor;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        socket = webSocket;
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        handle(() -> {
            if (over.get()) {
                return;
            }
            if (handler.received(text)) {
                webSocket.request();
            } else {
                close();
                end(null);
            }
        });
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteBuffer bytes) {
        onMessage(webSocket, StandardCharsets.UTF_8.decode(bytes).toString());
    }

    @Override
    public void onClose(WebSocket webSocket, int code, String reason) {
        webSocket.sendClose(code, reason);
        end(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(error);
    }

    private void end(@CheckForNull Throwable cause) {
        if (over.compareAndSet(false, true)) {
            handle(() -> {
                ended.countDown();
                handler.ended(cause);
            });
        }
    }

    private void handle(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            ended.countDown(); // The agent is stopping.
        }
    }

    /** Closes the connection; returns immediately. */
    void close() {
        WebSocket open = socket;
        if (open != null) {
            open.sendClose(NORMAL_CLOSURE, null);
        }
    }

    /** Waits for the connection to end, so that closing the client logs no errors. */
    void awaitEnd(Duration timeout) throws InterruptedException {
        ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
