package io.jenkins.plugins.gitops.core.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.model.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.rules.ExternalResource;

/**
 * A simulated registry on loopback: manifests of the Distribution API, with the token flow of Docker's registry if it
 * is protected. A token allows reading one repository.
 */
public final class ScriptedRegistry extends ExternalResource {
    public static final String USER = "reader";
    public static final String PASSWORD = "a-password-that-no-one-may-see";

    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile boolean digestHeader = true;
    private volatile Protection protection = Protection.NONE;
    private volatile Special special;

    /** How the registry is protected. */
    public enum Protection {
        NONE,
        /** Anyone gets a token. */
        ANONYMOUS_TOKEN,
        TOKEN,
        BASIC
    }

    /** Responds instead of the registry. */
    public interface Special {
        void handle(HttpExchange exchange) throws IOException;
    }

    @Override
    protected void before() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    @Override
    protected void after() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Returns the host as written in image names. */
    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns method and path of each request, in order. */
    public List<String> requests() {
        return requests;
    }

    public void protect(Protection how) {
        protection = how;
    }

    void omitDigestHeader() {
        digestHeader = false;
    }

    /** Sets a handler, effective from the next request; null for the registry itself. */
    void answer(Special how) {
        special = how;
    }

    /**
     * Tags a manifest.
     *
     * @return its digest
     */
    public String push(String repository, String tag, String manifest) {
        byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
        String digest = "sha256:" + Sha256.hex(bytes);
        manifests.put(repository + "/manifests/" + tag, bytes);
        manifests.put(repository + "/manifests/" + digest, bytes);
        return digest;
    }

    /**
     * Tags an index of several platforms.
     *
     * @return its digest
     */
    String pushIndex(String repository, String tag, List<String> digests) {
        List<String> entries = digests.stream()
                .map(digest -> "{\"digest\":\"" + digest + "\"}")
                .toList();
        return push(
                repository, tag, "{\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + String.join(",", entries) + "]}");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (special != null) {
                special.handle(exchange);
            } else if (path.equals("/token")) {
                token(exchange);
            } else if (isGranted(exchange)) {
                manifest(exchange, manifests.get(path.substring("/v2/".length())));
            } else {
                exchange.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                protection == Protection.BASIC
                                        ? "Basic realm=\"registry\""
                                        : "Bearer realm=\"http://" + host()
                                                + "/token\",service=\"the registry\",scope=\"repository:x:pull,push\"");
                exchange.sendResponseHeaders(401, -1);
            }
        }
    }

    private boolean isGranted(HttpExchange exchange) {
        String authorization = header(exchange);
        String repository = exchange.getRequestURI().getPath().replaceFirst("/v2/(.*)/manifests/.*", "$1");
        return switch (protection) {
            case NONE -> authorization.isEmpty();
            case BASIC -> authorization.equals(basic());
            default -> authorization.equals("Bearer token-for-repository:" + repository + ":pull");
        };
    }

    private static String header(HttpExchange exchange) {
        String value = exchange.getRequestHeaders().getFirst("Authorization");
        return value == null ? "" : value;
    }

    private static String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    private void token(HttpExchange exchange) throws IOException {
        if (protection == Protection.TOKEN && !header(exchange).equals(basic())) {
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        String scope = query.substring(query.indexOf("scope=") + "scope=".length());
        respond(exchange, ("{\"token\":\"token-for-" + scope + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private void manifest(HttpExchange exchange, byte[] body) throws IOException {
        String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
        if (body == null || !accept.contains(INDEX)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (digestHeader) {
            exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + Sha256.hex(body));
        }
        respond(exchange, body);
    }

    private static void respond(HttpExchange exchange, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
