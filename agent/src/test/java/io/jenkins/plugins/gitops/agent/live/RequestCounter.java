package io.jenkins.plugins.gitops.agent.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy that records each HTTP/1.1 request to a server. It forwards bytes, so that streams and all other behavior of
 * the server are unchanged.
 */
final class RequestCounter implements AutoCloseable {
    private static final Pattern REQUEST = Pattern.compile("^((?:GET|POST|PUT|PATCH|DELETE) \\S+) HTTP/1\\.1\r\n");
    private static final int BUFFER = 64 << 10;

    private final URI server;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private RequestCounter(URI server) throws IOException {
        this.server = server;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Starts the proxy. */
    static RequestCounter start(String server) throws IOException {
        RequestCounter counter = new RequestCounter(URI.create(server));
        run(counter::accept);
        return counter;
    }

    /** Returns the URL to use instead of the server's. */
    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Returns method and path of each request so far. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Forgets the requests so far. */
    void reset() {
        requests.clear();
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "request-counter");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Socket upstream = new Socket(server.getHost(), server.getPort());
                open.add(client);
                open.add(upstream);
                run(() -> pass(client, upstream, true));
                run(() -> pass(upstream, client, false));
            } catch (IOException closedOrRefused) {
                // The client sees that its connection was closed, or cannot connect.
            }
        }
    }

    /**
     * Records a request. A client sends it after the response to the previous one, so each request begins a block of
     * bytes.
     */
    private void note(String block) {
        Matcher request = REQUEST.matcher(block);
        if (request.find()) {
            requests.add(request.group(1));
        }
    }

    private void pass(Socket from, Socket to, boolean asking) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (asking) {
                    note(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException ended) {
            // Both ends are closed now.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket one : open) {
            one.close();
        }
    }
}
