package io.jenkins.plugins.gitops.agent.kube;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands in front of a server on loopback, which is there or away as a test wants it; away at first. */
public final class InitiallyDownProxy implements AutoCloseable {
    private final int server;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean there;

    public InitiallyDownProxy(int server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The server is there from now on, or away. */
    public void set(boolean isThere) {
        there = isThere;
        if (!isThere) {
            sockets.forEach(InitiallyDownProxy::end);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                threads.execute(() -> forward(client));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void forward(Socket client) {
        if (!there) {
            end(client);
            return;
        }
        try {
            Socket target = new Socket(InetAddress.getLoopbackAddress(), server);
            sockets.add(target);
            threads.execute(() -> copy(target, client));
            copy(client, target);
        } catch (IOException e) {
            end(client);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side has ended it.
        }
        end(from);
        end(to);
        sockets.remove(from);
        sockets.remove(to);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(InitiallyDownProxy::end);
        threads.shutdownNow();
    }
}
