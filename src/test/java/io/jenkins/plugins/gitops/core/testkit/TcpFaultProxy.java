package io.jenkins.plugins.gitops.core.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Forwards TCP connections to a server on loopback, and injects network faults: connections are refused, held back, or
 * dropped after a number of bytes.
 */
public final class TcpFaultProxy implements AutoCloseable {
    private final int serverPort;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ByteCounter toServer = new ByteCounter();
    private final ByteCounter toClient = new ByteCounter();
    private ServerSocket listener;
    private boolean stalled;
    private volatile Runnable onDrop = () -> {};

    /** One direction of all connections together. */
    private static final class ByteCounter {
        private long forwarded;
        private long remaining = Long.MAX_VALUE;

        synchronized void limit(long bytes) {
            forwarded = 0;
            remaining = bytes;
        }

        /** Takes up to so many bytes from the limit. Returns how many of them may be forwarded. */
        synchronized int take(int count) {
            int allowed = (int) Math.min(count, remaining);
            forwarded += allowed;
            remaining -= allowed;
            return allowed;
        }

        /** Whether the limit is reached; true only once. */
        synchronized boolean isExhausted() {
            boolean exhausted = remaining == 0;
            remaining = exhausted ? Long.MAX_VALUE : remaining;
            return exhausted;
        }

        synchronized long forwarded() {
            return forwarded;
        }
    }

    /** Starts a proxy that forwards until a fault is set. */
    public TcpFaultProxy(int serverPort) {
        this.serverPort = serverPort;
        listen(0);
        this.port = listener.getLocalPort();
    }

    public int port() {
        return port;
    }

    /** Returns the HTTP URL of a path through this proxy. */
    public String url(String path) {
        return "http://127.0.0.1:" + port + "/" + path;
    }

    /** Closes the open connections, and refuses new ones. */
    public synchronized void refuse() {
        closeListener();
        dropConnections();
    }

    /** Closes the open connections; new ones are accepted, but their bytes are forwarded only after {@link #restore}. */
    public synchronized void stall() {
        stalled = true;
        dropConnections();
    }

    /** Forwards again. */
    public synchronized void restore() {
        stalled = false;
        notifyAll();
        if (listener.isClosed()) {
            listen(port);
        }
    }

    /**
     * Drops the connections that are open after so many bytes, counted from now; later connections are forwarded.
     *
     * @param bytesToServer {@link Long#MAX_VALUE} for never
     * @param bytesToClient {@link Long#MAX_VALUE} for never
     * @param action called once, before the connections are closed
     */
    public void dropAfter(long bytesToServer, long bytesToClient, Runnable action) {
        onDrop = action;
        toServer.limit(bytesToServer);
        toClient.limit(bytesToClient);
    }

    /** Returns the bytes since the last {@link #dropAfter}. */
    public long bytesToServer() {
        return toServer.forwarded();
    }

    /** Returns the bytes since the last {@link #dropAfter}. */
    public long bytesToClient() {
        return toClient.forwarded();
    }

    private synchronized void listen(int at) {
        try {
            ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
            listener = opened;
            threads.execute(() -> accept(opened));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket client = from.accept();
                synchronized (this) {
                    if (from.isClosed()) {
                        close(client);
                        return;
                    }
                    sockets.add(client);
                }
                threads.execute(() -> forward(client));
            }
        } catch (IOException | RejectedExecutionException e) {
            // Connections are refused, or the test is over.
        }
    }

    private void forward(Socket client) {
        try {
            awaitRestored();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(server);
            threads.execute(() -> copy(server, client, toClient));
            copy(client, server, toServer);
        } catch (IOException | RejectedExecutionException e) {
            close(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitRestored() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    private void copy(Socket from, Socket to, ByteCounter counter) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, counter.take(count));
                out.flush();
                if (counter.isExhausted()) {
                    onDrop.run();
                    dropConnections();
                    return;
                }
            }
        } catch (IOException e) {
            // One side has closed its connection.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void dropConnections() {
        sockets.forEach(TcpFaultProxy::close);
        sockets.clear();
    }

    private synchronized void closeListener() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        refuse();
        threads.shutdownNow();
    }
}
