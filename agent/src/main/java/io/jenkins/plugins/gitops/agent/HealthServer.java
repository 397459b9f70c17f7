package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves {@code /healthz} and {@code /readyz} for a kubelet. Its single thread never blocks on a client: a client that
 * does not send a complete request in time is disconnected, and does not delay others.
 */
public final class HealthServer implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(HealthServer.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_REQUEST = 4096;
    /** If there are more, the oldest is closed. */
    private static final int MAX_CONNECTIONS = 128;

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Map<String, Supplier<String>> checks;
    private final Thread thread;
    /** Oldest first; only accessed by the server's thread. */
    private final Deque<PendingConnection> connections = new ArrayDeque<>();

    /** A client that has not sent a complete request yet. */
    private record PendingConnection(SocketChannel channel, ByteBuffer request, long end) {}

    private HealthServer(ServerSocketChannel listener, Selector selector, Map<String, Supplier<String>> checks) {
        this.listener = listener;
        this.selector = selector;
        this.checks = checks;
        this.thread = new Thread(this::run, "gitops-health");
        this.thread.setDaemon(true);
    }

    /**
     * @param alive a problem that requires a restart; null if there is none. Must not block
     * @param ready why the agent is not ready; null if it is. Must not block
     * @throws UserErrorException if the port is not available
     */
    public static HealthServer start(AgentConfig.HealthAddress address, Supplier<String> alive, Supplier<String> ready)
            throws UserErrorException {
        ServerSocketChannel listener = null;
        try {
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(address.address(), address.port()));
            listener.configureBlocking(false);
            Selector selector = Selector.open();
            listener.register(selector, SelectionKey.OP_ACCEPT);
            HealthServer server = new HealthServer(listener, selector, Map.of("/healthz", alive, "/readyz", ready));
            server.thread.start();
            return server;
        } catch (IOException e) {
            closeQuietly(listener);
            throw new UserErrorException(
                            "The agent cannot listen on " + address.address() + ":" + address.port(),
                            "Free the port, or name another one under health")
                    .causedBy(e);
        }
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                selector.select(TIMEOUT.toMillis() / 2);
                Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    serve(key);
                }
                long now = System.nanoTime();
                while (!connections.isEmpty() && connections.peekFirst().end() - now < 0) {
                    end(connections.peekFirst());
                }
            } catch (IOException | RuntimeException e) {
                LOGGER.log(selector.isOpen() ? Level.WARNING : Level.FINE, "A health request failed", e);
            }
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof PendingConnection connection) {
            try {
                read(connection);
            } catch (IOException e) {
                end(connection);
            }
            return;
        }
        SocketChannel channel = listener.accept();
        if (channel != null) {
            if (connections.size() >= MAX_CONNECTIONS) {
                end(connections.peekFirst());
            }
            channel.configureBlocking(false);
            PendingConnection connection = new PendingConnection(
                    channel, ByteBuffer.allocate(MAX_REQUEST), System.nanoTime() + TIMEOUT.toNanos());
            connections.addLast(connection);
            channel.register(selector, SelectionKey.OP_READ, connection);
        }
    }

    private void read(PendingConnection connection) throws IOException {
        int count = connection.channel().read(connection.request());
        String text = new String(
                connection.request().array(), 0, connection.request().position(), StandardCharsets.ISO_8859_1);
        if (text.contains("\r\n\r\n")) {
            // A response of a few hundred bytes always fits into the send buffer of a new connection.
            connection.channel().write(ByteBuffer.wrap(response(text).getBytes(StandardCharsets.UTF_8)));
            end(connection);
        } else if (count < 0 || !connection.request().hasRemaining()) {
            end(connection);
        }
    }

    private String response(String request) {
        String[] line = request.substring(0, request.indexOf("\r\n")).split(" ");
        Supplier<String> check = line.length > 1 ? checks.get(line[1].split("\\?")[0]) : null;
        if (!line[0].equals("GET") || check == null) {
            return response("404 Not Found", "not found");
        }
        String problem = problem(check);
        return problem == null ? response("200 OK", "ok") : response("503 Service Unavailable", problem);
    }

    @CheckForNull
    private static String problem(Supplier<String> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "A health check failed", e);
            return "the check failed";
        }
    }

    private static String response(String status, String body) {
        byte[] bytes = (body + "\n").getBytes(StandardCharsets.UTF_8);
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + bytes.length
                + "\r\nConnection: close\r\n\r\n" + body + "\n";
    }

    private void end(PendingConnection connection) {
        connections.remove(connection);
        closeQuietly(connection.channel());
    }

    private static void closeQuietly(@CheckForNull AutoCloseable open) {
        try {
            if (open != null) {
                open.close();
            }
        } catch (Exception e) {
            LOGGER.log(Level.FINE, "A connection did not close", e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        closeQuietly(selector);
        try {
            thread.join(TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(connection -> closeQuietly(connection.channel()));
    }
}
