package io.jenkins.plugins.gitops.status.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdQuery;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** An Argo CD server with the recorded responses of a real one, and the permissions and status codes of 3.5.1. */
final class FakeArgoCd implements AutoCloseable {
    static final String TOKEN = "argo-token-that-nobody-may-see";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/v1/applications";
    private static final Pattern TIME = Pattern.compile("2026-11-2\\dT\\d\\d:\\d\\d:\\d\\dZ");
    private static final Pattern IMAGE = Pattern.compile("registry\\.example\\.com/shop/[a-z-]+:[0-9.]+");
    /** The image in the tests' repository, which therefore runs. */
    private static final String RUNNING = "ghcr.io/myorg/payments-api:sha-a1b2c3d";

    private static final Instant RECORDED = Instant.parse("2026-11-21T06:00:00Z");

    private final HttpServer server;
    /** Shifts recorded times to the present, so that they are never outdated. */
    private final Duration later =
            Duration.between(RECORDED, Instant.now()).plusHours(1).truncatedTo(ChronoUnit.SECONDS);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> applications = new TreeMap<>();
    private final Map<String, String> extras = new ConcurrentHashMap<>();
    private final Map<String, String> texts = new TreeMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final Semaphore lists = new Semaphore(0);
    private volatile String token = TOKEN;
    private volatile UnaryOperator<String> onRefresh = UnaryOperator.identity();
    private volatile RequestHandler failRequests;

    /** Responds instead of the server; returns false to let the server respond. */
    interface RequestHandler {
        boolean handle(HttpExchange exchange) throws IOException;
    }

    FakeArgoCd() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Replaces a recorded revision, URL, folder or name with the one used here. */
    void rewrite(String recorded, String here) {
        texts.put(recorded, here);
    }

    /** Sets an application to a recorded state. */
    synchronized void set(String name, String recorded) throws IOException {
        setJson(name, JSON.readTree(read(recorded)));
    }

    /** Sets an application to an event of a recorded stream. */
    synchronized void set(String name, String stream, int event) throws IOException {
        setJson(name, JSON.readTree(read(stream)).path(event).at("/result/application"));
    }

    private void setJson(String name, JsonNode application) throws IOException {
        ((ObjectNode) application.get("metadata")).put("name", name);
        String text = TIME.matcher(JSON.writeValueAsString(application))
                .replaceAll(found -> Instant.parse(found.group()).plus(later).toString());
        text = IMAGE.matcher(text).replaceAll(RUNNING);
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            text = text.replace(entry.getKey(), entry.getValue());
        }
        applications.put(name, text);
    }

    /** Sets the recorded response to a related request for an application. */
    void extra(String name, String what, String recorded) throws IOException {
        extras.put(name + what, read(recorded));
    }

    synchronized void remove(String name) {
        applications.remove(name);
    }

    /** Changes the text of an application. */
    synchronized void edit(String name, UnaryOperator<String> change) {
        applications.computeIfPresent(name, (n, text) -> change.apply(text));
    }

    /** Sets the effect of a refresh on an application. */
    void onRefresh(UnaryOperator<String> change) {
        onRefresh = change;
    }

    void token(String other) {
        token = other;
    }

    void failRequests(RequestHandler handler) {
        failRequests = handler;
    }

    /** Waits until so many further lists were requested. */
    void awaitLists(int count) throws InterruptedException {
        if (!lists.tryAcquire(count, 20, TimeUnit.SECONDS)) {
            throw new AssertionError("no list was asked for");
        }
    }

    /** Whether a list is requested within a short time. */
    boolean wasListed() throws InterruptedException {
        return lists.tryAcquire(1, 300, TimeUnit.MILLISECONDS);
    }

    void forgetLists() {
        lists.drainPermits();
    }

    long count(String part) {
        return requests.stream().filter(r -> r.contains(part)).count();
    }

    private static String read(String recorded) throws IOException {
        try (InputStream in =
                FakeArgoCd.class.getResourceAsStream("/io/jenkins/plugins/gitops/core/argocd/" + recorded + ".json")) {
            return new String(Objects.requireNonNull(in, recorded).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String raw = Objects.toString(exchange.getRequestURI().getRawQuery(), "");
        requests.add(path + "?" + raw);
        ArgoCdQuery query = new ArgoCdQuery(raw);
        boolean list = path.equals(API);
        try {
            RequestHandler handler = failRequests;
            if (handler == null || !handler.handle(exchange)) {
                if (path.startsWith("/api/v1/stream/")) {
                    // As with a proxy that does not support streams.
                    send(exchange, 404, "");
                } else if (!("Bearer " + token)
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                    send(exchange, 401, error("invalid session: SSO is not configured"));
                } else if (list) {
                    send(exchange, 200, list(query));
                } else {
                    one(exchange, path.substring(API.length() + 1), query);
                }
            }
        } finally {
            exchange.close();
            if (list) {
                lists.release();
            }
        }
    }

    private synchronized String list(ArgoCdQuery query) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("metadata").put("resourceVersion", "1");
        ArrayNode items = JSON.createArrayNode();
        for (String text : applications.values()) {
            JsonNode whole = JSON.readTree(text);
            if (query.selects(whole)) {
                items.add(query.item(whole));
            }
        }
        answer.set("items", items.isEmpty() ? null : items);
        return JSON.writeValueAsString(answer);
    }

    private void one(HttpExchange exchange, String rest, ArgoCdQuery query) throws IOException {
        String[] parts = rest.split("/");
        String name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
        List<String> project = query.values("project");
        String text;
        synchronized (this) {
            text = applications.get(name);
        }
        if (project.isEmpty() || project.get(0).equals("secret-project")) {
            send(exchange, 403, error("permission denied"));
        } else if (text == null
                || !JSON.readTree(text).at("/spec/project").asText().equals(project.get(0))) {
            send(exchange, 404, error("applications.argoproj.io \"" + name + "\" not found"));
        } else if (parts.length > 1) {
            send(exchange, 200, extras.getOrDefault(name + "/" + parts[1], "{}"));
        } else {
            if (query.values("refresh").contains("normal")) {
                edit(name, onRefresh);
            }
            synchronized (this) {
                text = applications.get(name);
            }
            send(exchange, 200, text);
        }
    }

    private static String error(String message) {
        return "{\"error\":\"" + message.replace("\"", "\\\"") + "\",\"code\":7}";
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
