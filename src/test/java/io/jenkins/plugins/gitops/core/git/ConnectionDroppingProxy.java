package io.jenkins.plugins.gitops.core.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes on bytes between a client and a server. After so many of them something happens, and the connections that are
 * open then are closed; later ones pass again.
 */
final class ConnectionDroppingProxy implements AutoCloseable {
    private final int serverPort;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new ArrayList<>();
    private final ByteStream toServer = new ByteStream();
    private final ByteStream toClient = new ByteStream();
    private volatile Runnable atCut = () -> {};

    /** One direction of all connections together. */
    private static final class ByteStream {
        private long passed;
        private long left = Long.MAX_VALUE;

        synchronized void cutAfter(long most) {
            passed = 0;
            left = most;
        }

        /** How many of these bytes may still pass. */
        synchronized int pass(int count) {
            int allowed = (int) Math.min(count, left);
            passed += allowed;
            left -= allowed;
            return allowed;
        }

        /** Whether these were the last ones; only once. */
        synchronized boolean isUsedUp() {
            boolean usedUp = left == 0;
            left = usedUp ? Long.MAX_VALUE : left;
            return usedUp;
        }

        synchronized long passed() {
            return passed;
        }
    }

    ConnectionDroppingProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.submit(this::accept);
    }

    /**
     * Counts from now on.
     *
     * @param bytesToServer {@link Long#MAX_VALUE} for never
     * @param bytesToClient {@link Long#MAX_VALUE} for never
     * @param action called once, before the connections are closed
     */
    void cutAfter(long bytesToServer, long bytesToClient, Runnable action) {
        atCut = action;
        toServer.cutAfter(bytesToServer);
        toClient.cutAfter(bytesToClient);
    }

    String url(String name) {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/" + name;
    }

    long bytesToServer() {
        return toServer.passed();
    }

    long bytesToClient() {
        return toClient.passed();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeSockets();
        threads.shutdown();
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            synchronized (sockets) {
                sockets.add(client);
                sockets.add(server);
            }
            threads.submit(() -> pump(client, server, toServer));
            threads.submit(() -> pump(server, client, toClient));
        }
    }

    private Void pump(Socket from, Socket to, ByteStream byteStream) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, byteStream.pass(count));
                out.flush();
                if (byteStream.isUsedUp()) {
                    atCut.run();
                    closeSockets();
                    return null;
                }
            }
            return null;
        }
    }

    private void closeSockets() throws IOException {
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
            sockets.clear();
        }
    }
}
