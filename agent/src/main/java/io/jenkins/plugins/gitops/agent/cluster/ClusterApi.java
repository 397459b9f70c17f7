package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The agent's requests, with objects as plain trees: no mapping to classes, no duplicate requests. fabric8 provides
 * connections, authentication and certificates.
 */
public final class ClusterApi {
    private static final int PAGE = 500;
    private static final long TIMEOUT_SECONDS = 30;
    private static final int MAX_ERROR_BYTES = 64 * 1024;
    private static final String JSON = "application/json";
    private static final String METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io," + JSON;
    private static final String METADATA_LIST =
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io," + JSON;
    private static final String APPLY = "application/apply-patch+yaml";

    private final HttpClient http;
    private final String base;
    private final String fieldManager;
    private final int page;
    private final RequestPolicy policy;

    /** @param fieldManager the manager of fields that server-side apply sets */
    ClusterApi(KubernetesClient client, String fieldManager) {
        this(client, fieldManager, RequestPolicy.READ_WRITE);
    }

    /**
     * @param fieldManager the manager of fields that server-side apply sets
     * @param policy the allowed requests; any other fails as if the server had rejected it
     */
    ClusterApi(KubernetesClient client, String fieldManager, RequestPolicy policy) {
        this(client, fieldManager, PAGE, policy);
    }

    /**
     * Creates an instance for reading.
     *
     * @param page the maximum number of objects in one response of a list, which limits its memory
     */
    public ClusterApi(KubernetesClient client, int page) {
        this(client, Installation.MANAGER_PREFIX, page, RequestPolicy.READ_WRITE);
    }

    private ClusterApi(KubernetesClient client, String fieldManager, int page, RequestPolicy policy) {
        this.policy = policy;
        this.fieldManager = fieldManager;
        this.page = page;
        this.http = client.getHttpClient();
        String url = client.getMasterUrl().toString();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** Whether requests that change something are allowed. */
    boolean mayWrite() {
        return policy == RequestPolicy.READ_WRITE;
    }

    /** The manager of fields that server-side apply sets. */
    String fieldManager() {
        return fieldManager;
    }

    /**
     * Performs a server-side apply.
     *
     * @param force whether to take over fields of other managers instead of failing
     * @return the object as it is, or would be, afterwards
     */
    CompletableFuture<Map<String, Object>> apply(
            ObjectId id, Map<String, Object> manifest, boolean dryRun, boolean force) {
        String query = "?fieldManager=" + fieldManager + "&fieldValidation=Strict" + (force ? "&force=true" : "")
                + (dryRun ? "&dryRun=All" : "");
        return send(request(id.path() + query).patch(APPLY, JsonTree.format(manifest)), SecretMask.of(id, manifest));
    }

    /** Performs a dry run of the creation of an object. */
    CompletableFuture<Map<String, Object>> tryCreate(ObjectId id, Map<String, Object> manifest) {
        String query = "?fieldValidation=Strict&dryRun=All";
        byte[] body = JsonTree.format(manifest).getBytes(StandardCharsets.UTF_8);
        return send(
                request(id.kind().listPath(id.namespace()) + query).post("application/json", body),
                SecretMask.of(id, manifest));
    }

    /**
     * Requests the server's version, which every client may read.
     *
     * @param timeout for the complete response
     */
    void ping(Duration timeout) throws ClusterException {
        await(send(request("/version").timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)), timeout);
    }

    /** Reads one object. */
    public Map<String, Object> get(ObjectId id) throws ClusterException {
        return await(send(request(id.path())));
    }

    /** Reads only the metadata of an object, so that no value of a Secret is read. */
    CompletableFuture<Map<String, Object>> head(ObjectId id) {
        return send(request(id.path()).setHeader("Accept", METADATA));
    }

    /** Reads any path. */
    public Map<String, Object> get(String path) throws ClusterException {
        return await(send(request(path)));
    }

    /** Applies a JSON patch. */
    Map<String, Object> patch(ObjectId id, List<Map<String, Object>> operations) throws ClusterException {
        String path = id.path() + "?fieldManager=" + fieldManager;
        return await(send(
                request(path).patch("application/json-patch+json", JsonTree.format(operations)),
                SecretMask.of(id, Map.of())));
    }

    /**
     * Returns all kinds of the API server in the format that {@link ApiDiscovery} reads; empty if the server does not
     * support this.
     */
    Map<String, Object> discover() throws ClusterException {
        try {
            return await(send(request("/apis").setHeader("Accept", ApiDiscovery.ACCEPT)));
        } catch (ClusterException e) {
            if (e.isOutage()) {
                throw e;
            }
            return Map.of();
        }
    }

    /** Sets annotations of an object. */
    public Map<String, Object> annotate(ObjectId id, Map<String, String> annotations) throws ClusterException {
        return merge(id, Map.of("metadata", Map.of("annotations", annotations)));
    }

    /** Merges fields into an object (RFC 7396). */
    Map<String, Object> merge(ObjectId id, Map<String, Object> patch) throws ClusterException {
        return await(send(request(id.path()).patch("application/merge-patch+json", JsonTree.format(patch))));
    }

    /** Deletes exactly this object, with its dependents according to the policy. */
    CompletableFuture<Map<String, Object>> delete(ObjectId id, String uid, String propagation) {
        String policy = Character.toUpperCase(propagation.charAt(0)) + propagation.substring(1);
        Map<String, Object> options = Map.of(
                "kind",
                "DeleteOptions",
                "apiVersion",
                "v1",
                "propagationPolicy",
                policy,
                "preconditions",
                Map.of("uid", uid));
        return send(request(id.path()).delete(JSON, JsonTree.format(options)));
    }

    /** Objects of a list, with the resource version to start a watch from. */
    record Listing<T>(String resourceVersion, List<T> items) {}

    /**
     * Lists all objects of a kind, page by page.
     *
     * @param namespace the only one to list; null for all
     * @param metadataOnly whether to request only metadata
     */
    <T> Listing<T> list(ResourceKind kind, @CheckForNull String namespace, ObjectReader<T> reader, boolean metadataOnly)
            throws ClusterException {
        List<T> items = new ArrayList<>();
        String next = "";
        while (true) {
            String from = next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
            HttpRequest.Builder request = request(kind.listPath(namespace) + "?limit=" + page + from)
                    .setHeader("Accept", metadataOnly ? METADATA_LIST : JSON);
            ObjectReader.ListPage part = read(request, reader, items::add);
            next = part.next();
            if (next.isEmpty()) {
                return new Listing<>(part.resourceVersion(), items);
            }
        }
    }

    private <T> ObjectReader.ListPage read(HttpRequest.Builder request, ObjectReader<T> reader, Consumer<T> items)
            throws ClusterException {
        HttpResponse<InputStream> response = await(exchange(request, InputStream.class));
        try (InputStream body = response.body()) {
            if (!response.isSuccessful()) {
                throw failure(response.code(), body.readNBytes(MAX_ERROR_BYTES), SecretMask.NONE);
            }
            return reader.page(body, items);
        } catch (IOException e) {
            throw ClusterException.unreachable(e);
        }
    }

    /**
     * Watches a kind; returns when the connection is open.
     *
     * @param namespace the only one to watch; null for all
     * @param version the resource version to start from
     * @param metadataOnly whether to request only metadata
     * @throws ClusterException if the server rejects the request or cannot be reached; the connection is then not
     *     called
     */
    void watch(
            ResourceKind kind,
            @CheckForNull String namespace,
            String version,
            boolean metadataOnly,
            WatchConnection connection)
            throws ClusterException {
        String query = "?watch=true&allowWatchBookmarks=true&resourceVersion="
                + URLEncoder.encode(version, StandardCharsets.UTF_8);
        CompletableFuture<WebSocket> opened = http.newWebSocketBuilder()
                .uri(URI.create(base + kind.listPath(namespace) + query))
                .setHeader("Accept", metadataOnly ? METADATA : JSON)
                // The server's WebSocket library requires this header.
                .setHeader("Origin", base)
                .connectTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .buildAsync(connection);
        await(opened.exceptionally(error -> {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            if (cause instanceof WebSocketHandshakeException refused) {
                int code = refused.getResponse().code();
                cause = new ClusterException(code, null, "a watch was answered with HTTP status " + code, List.of());
            }
            throw new CompletionException(cause);
        }));
    }

    /** The pods that match a workload's labels. */
    public List<Map<String, Object>> pods(String namespace, Map<String, ?> matchLabels) throws ClusterException {
        return await(requestPods(namespace, matchLabels));
    }

    /** Like {@link #pods}, without waiting; fails with a {@link ClusterException}. */
    CompletableFuture<List<Map<String, Object>>> requestPods(String namespace, Map<String, ?> matchLabels) {
        List<String> labels = new ArrayList<>();
        matchLabels.forEach((key, value) -> labels.add(key + "=" + value));
        String selector = URLEncoder.encode(String.join(",", labels), StandardCharsets.UTF_8);
        String path = "/api/v1/namespaces/" + namespace + "/pods?limit=50&labelSelector=" + selector;
        return send(request(path)).thenApply(list -> JsonTree.list(list, "items").stream()
                .map(item -> JsonTree.map(item))
                .toList());
    }

    private HttpRequest.Builder request(String path) {
        return http.newHttpRequestBuilder().uri(base + path).timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<Map<String, Object>> send(HttpRequest.Builder request) {
        return send(request, SecretMask.NONE);
    }

    private CompletableFuture<Map<String, Object>> send(HttpRequest.Builder request, SecretMask mask) {
        return exchange(request, byte[].class).thenApply(response -> body(response, mask));
    }

    /** Sends all requests to the server except watches, which change nothing. */
    private <T> CompletableFuture<HttpResponse<T>> exchange(HttpRequest.Builder request, Class<T> type) {
        HttpRequest built = request.build();
        if (policy.allows(built.method(), built.uri())) {
            return http.sendAsync(built, type);
        }
        return CompletableFuture.failedFuture(new ClusterException(
                HttpURLConnection.HTTP_FORBIDDEN,
                null,
                "not sent, since this is a dry run: " + built.method() + " "
                        + built.uri().getPath(),
                List.of()));
    }

    private static Map<String, Object> body(HttpResponse<byte[]> response, SecretMask mask) {
        if (response.isSuccessful()) {
            return parse(response.body());
        }
        throw new CompletionException(failure(response.code(), response.body(), mask));
    }

    private static ClusterException failure(int code, @CheckForNull byte[] answer, SecretMask mask) {
        Map<String, Object> body = parse(answer);
        List<ClusterException.FieldConflict> conflicts = new ArrayList<>();
        boolean invalidFields = false;
        for (Object cause : JsonTree.list(body, "details", "causes")) {
            if ("FieldManagerConflict".equals(JsonTree.text(cause, "reason"))) {
                conflicts.add(new ClusterException.FieldConflict(
                        manager(JsonTree.textOr("", cause, "message")), JsonTree.textOr("?", cause, "field")));
            } else {
                invalidFields |= JsonTree.text(cause, "field") != null;
            }
        }
        String message = mask.mask(JsonTree.textOr("the API server answered " + code, body, "message"));
        return new ClusterException(code, JsonTree.text(body, "reason"), message, conflicts, invalidFields);
    }

    /** The message {@code conflict with "kubectl" using apps/v1} has the manager in quotes. */
    private static String manager(String message) {
        String[] parts = message.split("\"");
        return parts.length > 1 ? parts[1] : message;
    }

    private static Map<String, Object> parse(@CheckForNull byte[] body) {
        try {
            return body == null || body.length == 0 ? Map.of() : JsonTree.parse(body);
        } catch (IOException e) {
            return Map.of(); // Not a Status of an API server; the HTTP status is enough.
        }
    }

    /** The result of a request; throws its own exception. */
    static <T> T await(CompletableFuture<T> future) throws ClusterException {
        return await(future, Duration.ofSeconds(2 * TIMEOUT_SECONDS));
    }

    private static <T> T await(CompletableFuture<T> future, Duration timeout) throws ClusterException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException c ? c.getCause() : e.getCause();
            throw cause instanceof ClusterException failure ? failure : ClusterException.unreachable(cause);
        } catch (TimeoutException e) {
            throw ClusterException.unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClusterException.unreachable(e);
        }
    }
}
