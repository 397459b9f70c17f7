package io.jenkins.plugins.gitops.agent.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Forwards connections to a server on loopback, and may cut them and hold back new ones for a while. */
final class StallingProxy implements AutoCloseable {
    private final int server;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private boolean holding;

    StallingProxy(int server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Cuts all connections and holds back new ones. */
    void cut() {
        lock.lock();
        try {
            holding = true;
        } finally {
            lock.unlock();
        }
        sockets.forEach(StallingProxy::closeQuietly);
        sockets.clear();
    }

    /** Lets new connections through again. */
    void release() {
        lock.lock();
        try {
            holding = false;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                threads.execute(() -> forward(client));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void forward(Socket client) {
        lock.lock();
        try {
            while (holding) {
                released.await();
            }
            Socket target = new Socket(InetAddress.getLoopbackAddress(), server);
            sockets.addAll(List.of(client, target));
            threads.execute(() -> copy(target, client));
            threads.execute(() -> copy(client, target));
        } catch (IOException | RejectedExecutionException e) {
            closeQuietly(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side has ended it.
        }
        closeQuietly(from);
        closeQuietly(to);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        sockets.forEach(StallingProxy::closeQuietly);
    }
}
