package io.jenkins.plugins.gitops.core.git;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A proxy between a client and a Git server that forwards whole HTTP requests and responses, and disturbs some. */
public final class FaultyProxy implements AutoCloseable {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int serverPort;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Exchange> late = new ArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Function<String, ProxyFault> faults = request -> ProxyFault.NONE;

    /** How a request is disturbed. */
    public enum ProxyFault {
        NONE,
        /** The server's response is held back; see {@link #awaitHeld}. */
        HELD,
        /** The connection is closed after the header of the request. */
        CLOSE_BEFORE,
        /** Half of the request's body reaches the server, then both connections are closed. */
        CLOSE_WITHIN,
        /** The server processes the request, and its response is lost. */
        CLOSE_AFTER,
        /** There is no response, and the request does not reach the server. */
        HANG_BEFORE,
        /** The server processes the request, and there is no response. */
        HANG_AFTER,
        /** There is no response, and the request reaches the server only later; see {@link #deliverLate}. */
        LATE,
        STATUS_403(403, false),
        STATUS_500(500, false),
        STATUS_503(503, false),
        /** The server reports that it could not unpack the objects; only for a push to main. */
        UNPACK_ERROR,
        /** The server processes the request, and an intermediary responds with this status. */
        STATUS_403_AFTER(403, true),
        STATUS_504_AFTER(504, true),
        /** Half of the response body is sent, then the connection is closed. */
        TRUNCATED,
        /** Half of the response body is sent as if it were all. */
        HALF,
        /** A response without a body. */
        EMPTY,
        /** The correct content type, with meaningless bytes. */
        GARBAGE,
        /** Lines framed as in Git's protocol, with meaningless content. */
        GARBAGE_LINES,
        /** The page of a login form. */
        PAGE;

        private final int status;
        private final boolean after;

        ProxyFault() {
            this(0, false);
        }

        ProxyFault(int status, boolean after) {
            this.status = status;
            this.after = after;
        }

        /** Whether the server processes the request. */
        boolean reachesServer() {
            return after
                    || ordinal() >= TRUNCATED.ordinal()
                    || this == NONE
                    || this == HELD
                    || this == CLOSE_AFTER
                    || this == HANG_AFTER;
        }

        boolean hangs() {
            return this == HANG_BEFORE || this == HANG_AFTER || this == LATE;
        }

        /** Whether the client gets a response that the request has failed. */
        boolean isAnswer() {
            return status != 0 && status != 504;
        }

        /** Whether a retry may succeed. */
        boolean isTemporary() {
            return status == 0 || status >= 500;
        }
    }

    private record Exchange(byte[] head, byte[] body) {
        String line() {
            String text = new String(head, StandardCharsets.ISO_8859_1);
            return text.substring(0, text.indexOf('\r'));
        }
    }

    public FaultyProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.submit(this::accept);
    }

    public String url(String name) {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/" + name;
    }

    /**
     * Sets the faults.
     *
     * @param function receives the first line of each request
     */
    public void setFaults(Function<String, ProxyFault> function) {
        faults = function;
    }

    /** Forwards the requests that were held back. */
    void deliverLate() throws IOException {
        synchronized (late) {
            for (Exchange exchange : late) {
                askServer(exchange, exchange.body().length);
            }
            late.clear();
        }
    }

    /** Waits until the server has sent a response that is held back. */
    void awaitHeld() {
        await(held);
    }

    /** Releases the responses that are held back. */
    void release() {
        released.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new AssertionError("nothing came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        threads.shutdown();
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            synchronized (sockets) {
                sockets.add(client);
            }
            threads.submit(() -> {
                serve(client);
                return null;
            });
        }
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            boolean open = true;
            while (open) {
                byte[] head = readHead(in);
                String line = new Exchange(head, new byte[0]).line();
                ProxyFault fault = faults.apply(line);
                open = fault != ProxyFault.CLOSE_BEFORE
                        && answer(fault, new Exchange(head, readBody(head, in)), in, out);
            }
        }
    }

    /** Responds with a fault. Returns whether the connection stays open. */
    private boolean answer(ProxyFault fault, Exchange request, InputStream in, OutputStream out) throws IOException {
        if (fault == ProxyFault.CLOSE_WITHIN) {
            askServer(request, request.body().length / 2);
            return false;
        }
        if (fault == ProxyFault.LATE) {
            synchronized (late) {
                late.add(request);
            }
        }
        byte[] answer = fault.reachesServer() ? askServer(request, request.body().length) : new byte[0];
        if (fault.hangs()) {
            // Until the client closes the connection.
            return in.read() >= 0;
        }
        if (fault == ProxyFault.CLOSE_AFTER) {
            return false;
        }
        if (fault == ProxyFault.HELD) {
            held.countDown();
            await(released);
        }
        out.write(fault == ProxyFault.NONE || fault == ProxyFault.HELD ? closing(answer) : corrupted(fault, answer));
        out.flush();
        return false;
    }

    /** Adds a header without which the client would reuse the connection. */
    private static byte[] closing(byte[] answer) {
        int line = indexOf(answer, text("\r\n"));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(answer, 0, line);
        all.writeBytes(text("\r\nConnection: close"));
        all.write(answer, line, answer.length - line);
        return all.toByteArray();
    }

    /** Returns the report of a push, framed as in Git's protocol. */
    private static byte[] sideBand(String unpack) {
        String report = line(unpack) + line("ng refs/heads/main unpacker error\n") + "0000";
        return text(line("\u0002disk full\n") + line("\u0001" + report) + "0000");
    }

    private static String line(String text) {
        return String.format(Locale.ROOT, "%04x", text.length() + 4) + text;
    }

    private static byte[] corrupted(ProxyFault fault, byte[] answer) {
        if (fault == ProxyFault.UNPACK_ERROR) {
            return answer("application/x-git-receive-pack-result", sideBand("unpack index-pack failed\n"));
        }
        if (fault.status != 0) {
            return text("HTTP/1.1 " + fault.status + " Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        int bodyStart = indexOf(answer, HEAD_END) + HEAD_END.length;
        byte[] body = Arrays.copyOfRange(answer, bodyStart, answer.length);
        String type = header(Arrays.copyOf(answer, bodyStart), "content-type");
        return switch (fault) {
            case TRUNCATED -> closing(Arrays.copyOf(answer, bodyStart + body.length / 2));
            case HALF -> answer(type, Arrays.copyOf(body, body.length / 2));
            case EMPTY -> answer(type, new byte[0]);
            case GARBAGE -> answer(type, text("\u00ff\u0000\u0001zzzz not Git at all \u0007".repeat(20)));
            case GARBAGE_LINES -> answer(type, text("000bunpack 0009ok x 000cng refs\n0000"));
            default -> answer("text/html", text("<html><title>Log in</title></html>"));
        };
    }

    private static byte[] answer(String type, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(text("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n"));
        all.writeBytes(body);
        return all.toByteArray();
    }

    private byte[] askServer(Exchange exchange, int bodyBytes) throws IOException {
        String head = new String(exchange.head(), StandardCharsets.ISO_8859_1)
                .replaceFirst("(?i)\r\nConnection: [^\r]*", "")
                .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            server.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            server.getOutputStream().write(exchange.body(), 0, bodyBytes);
            server.getOutputStream().flush();
            if (bodyBytes < exchange.body().length) {
                server.shutdownOutput();
            }
            return server.getInputStream().readAllBytes();
        }
    }

    private static byte[] readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < HEAD_END.length) {
            int b = require(in.read());
            head.write(b);
            matched = b == HEAD_END[matched] ? matched + 1 : b == HEAD_END[0] ? 1 : 0;
        }
        return head.toByteArray();
    }

    /** Reads a body as it was framed on the wire. */
    private static byte[] readBody(byte[] head, InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (header(head, "transfer-encoding").equals("chunked")) {
            int size;
            do {
                String line = readLine(in);
                size = Integer.parseInt(line.trim(), 16);
                body.writeBytes(text(line + "\r\n"));
                body.writeBytes(in.readNBytes(size + 2));
            } while (size > 0);
        } else {
            String length = header(head, "content-length");
            body.writeBytes(in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)));
        }
        return body.toByteArray();
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = require(in.read()); b != '\n'; b = require(in.read())) {
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    private static int require(int b) throws EOFException {
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }

    private static String header(byte[] head, String name) {
        for (String line : new String(head, StandardCharsets.ISO_8859_1).split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                return line.substring(name.length() + 1).trim();
            }
        }
        return "";
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("an answer without a head");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
