package io.jenkins.plugins.gitops.core.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * A simulated Argo CD server that answers applications, stream, {@code fields}, gzip and rejections as a running 3.5.1
 * does. An application is identified by its namespace and name; those in namespace {@code argocd} need no
 * {@code appNamespace}.
 */
public final class ScriptedArgoCd implements AutoCloseable {
    public static final String TOKEN = "a-secret-token";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/v1/applications";
    private static final String STREAM = "/api/v1/stream/applications";
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, ObjectNode> applications = new TreeMap<>();
    private final Map<String, String> extras = new HashMap<>();
    private final List<OutputStream> streams = new CopyOnWriteArrayList<>();
    private int version = 1_000;

    /** Method and path of all requests, in order. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    volatile String token = TOKEN;
    /** Delays responses to rejected tokens until it is open. */
    volatile CountDownLatch rejections = new CountDownLatch(0);
    /** The status of the response to a request for the stream; 200 opens the stream. */
    volatile int streamStatus = 200;
    /** Whether events are lost. */
    volatile boolean losing;
    /** Whether a proxy buffers the stream. */
    volatile boolean buffering;
    /** The effect of a refresh; null if a refresh gets no response. */
    volatile UnaryOperator<ObjectNode> onRefresh = UnaryOperator.identity();

    public ScriptedArgoCd() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public long count(String part) {
        return requests.stream().filter(r -> r.contains(part)).count();
    }

    /** Stores an application as given, with the next resourceVersion. */
    public synchronized void put(JsonNode application) throws IOException {
        ObjectNode copy = application.deepCopy();
        version++;
        ((ObjectNode) copy.get("metadata")).put("resourceVersion", Integer.toString(version));
        boolean isNew = applications.put(key(copy), copy) == null;
        tell(isNew ? "ADDED" : "MODIFIED", copy);
    }

    synchronized void remove(String key) throws IOException {
        tell("DELETED", applications.remove(key));
    }

    synchronized ObjectNode get(String key) {
        return applications.get(key).deepCopy();
    }

    /** Sets the response to a related request for an application, such as {@code /syncwindows}. */
    synchronized void extra(String key, String what, String answer) {
        extras.put(key + what, answer);
    }

    /** Sends a keep-alive, as a server does every 15 seconds. */
    synchronized void keepAlive() {
        streams.forEach(out -> write(out, ":\n"));
    }

    public int listeners() {
        return streams.size();
    }

    /** Closes the streams, as a server that stops does. */
    synchronized void endStreams() throws IOException {
        for (OutputStream out : streams) {
            out.close();
        }
        streams.clear();
    }

    private static String key(JsonNode application) {
        return application.at("/metadata/namespace").asText() + "/"
                + application.at("/metadata/name").asText();
    }

    private void tell(String type, ObjectNode application) throws IOException {
        if (!losing) {
            for (OutputStream out : streams) {
                write(out, event(type, application));
            }
        }
    }

    private static String event(String type, ObjectNode application) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        ObjectNode sent = application.deepCopy();
        // Not among the requested fields.
        ((ObjectNode) sent.get("metadata")).remove("managedFields");
        line.putObject("result").put("type", type).set("application", sent);
        return "data: " + JSON.writeValueAsString(line) + " \n\n";
    }

    private void write(OutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            streams.remove(out);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String raw = Objects.toString(exchange.getRequestURI().getRawQuery(), "");
        requests.add(path + "?" + raw);
        ArgoCdQuery query = new ArgoCdQuery(raw);
        if (path.equals(STREAM) && streamStatus != 200) {
            send(exchange, streamStatus, "");
        } else if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            awaitRejections();
            send(exchange, 401, "{\"error\":\"invalid session\",\"code\":16}");
        } else if (path.equals(STREAM)) {
            stream(exchange, query);
        } else if (path.equals(API)) {
            send(exchange, 200, list(query));
        } else {
            one(exchange, path.substring(API.length() + 1), query);
        }
    }

    private void awaitRejections() throws IOException {
        try {
            if (!rejections.await(20, TimeUnit.SECONDS)) {
                throw new IOException("rejections were not released");
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    /** Opens the stream. Headers are sent with the first line only. */
    private void stream(HttpExchange exchange, ArgoCdQuery query) throws IOException {
        if (buffering) {
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        synchronized (this) {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (ObjectNode application : applications.values()) {
                if (query.selects(application)) {
                    write(out, event("ADDED", application));
                }
            }
            streams.add(out);
        }
    }

    private synchronized String list(ArgoCdQuery query) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode items = JSON.createArrayNode();
        for (ObjectNode whole : applications.values()) {
            if (query.selects(whole)) {
                items.add(query.item(whole));
            }
        }
        answer.putObject("metadata").put("resourceVersion", Integer.toString(version));
        answer.set("items", items.isEmpty() ? null : items);
        return JSON.writeValueAsString(answer);
    }

    private void one(HttpExchange exchange, String rest, ArgoCdQuery query) throws IOException {
        String[] parts = rest.split("/");
        String namespace = query.values("appNamespace").stream().findFirst().orElse("argocd");
        String key = namespace + "/" + URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
        List<String> projects = query.values("project");
        ObjectNode application;
        synchronized (this) {
            application = applications.get(key);
        }
        if (projects.isEmpty() || projects.get(0).equals("secret")) {
            send(exchange, 403, "{\"error\":\"permission denied\",\"code\":7}");
        } else if (application == null
                || !projects.contains(application.at("/spec/project").asText())) {
            send(exchange, 404, "{\"error\":\"not found\",\"code\":5}");
        } else if (parts.length > 1) {
            send(exchange, 200, extra(key + "/" + parts[1]));
        } else {
            refreshed(exchange, key, query.values("refresh").contains("normal"));
        }
    }

    private synchronized String extra(String what) {
        return extras.getOrDefault(what, "{}");
    }

    private void refreshed(HttpExchange exchange, String key, boolean refresh) throws IOException {
        if (refresh) {
            UnaryOperator<ObjectNode> change = onRefresh;
            if (change == null) {
                // The request stays unanswered.
                return;
            }
            put(change.apply(get(key)));
        }
        send(exchange, 200, JSON.writeValueAsString(get(key)));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (Objects.toString(exchange.getRequestHeaders().getFirst("Accept-Encoding"), "")
                .contains("gzip")) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(bytes);
            }
            bytes = packed.toByteArray();
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
