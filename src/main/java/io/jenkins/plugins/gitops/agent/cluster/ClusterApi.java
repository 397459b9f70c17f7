package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The requests of the agent, with objects as plain trees: nothing is mapped to classes, nothing is asked twice.
 * Connection, authentication and certificates are fabric8's.
 */
public final class ClusterApi {
    private static final int PAGE = 500;
    private static final long TIMEOUT_SECONDS = 30;
    private static final String METADATA_ONLY =
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
    private static final String APPLY = "application/apply-patch+yaml";

    private final KubernetesClient client;
    private final HttpClient http;
    private final String base;
    private final String fieldManager;
    private final int page;

    /** @param fieldManager that server-side apply records for the applied fields */
    ClusterApi(KubernetesClient client, String fieldManager) {
        this(client, fieldManager, PAGE);
    }

    /**
     * For reading.
     *
     * @param page how many objects one answer of a list may hold, which bounds the memory that it takes
     */
    public ClusterApi(KubernetesClient client, int page) {
        this(client, Installation.MANAGER_PREFIX, page);
    }

    private ClusterApi(KubernetesClient client, String fieldManager, int page) {
        this.fieldManager = fieldManager;
        this.page = page;
        this.client = client;
        this.http = client.getHttpClient();
        String url = client.getMasterUrl().toString();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    KubernetesClient client() {
        return client;
    }

    /** The manager that server-side apply records for the applied fields. */
    String fieldManager() {
        return fieldManager;
    }

    /**
     * Server-side apply.
     *
     * @param force takes fields over from other managers instead of failing
     * @return the object as it is, or would be, afterwards
     */
    CompletableFuture<Map<String, Object>> apply(
            ObjectId id, Map<String, Object> manifest, boolean dryRun, boolean force) {
        String query = "?fieldManager=" + fieldManager + "&fieldValidation=Strict" + (force ? "&force=true" : "")
                + (dryRun ? "&dryRun=All" : "");
        return send(request(id.path() + query).patch(APPLY, JsonTree.format(manifest)));
    }

    /** A dry run of the creation of an object. */
    CompletableFuture<Map<String, Object>> tryCreate(ObjectId id, Map<String, Object> manifest) {
        String query = "?fieldValidation=Strict&dryRun=All";
        byte[] body = JsonTree.format(manifest).getBytes(StandardCharsets.UTF_8);
        return send(request(id.kind().listPath(id.namespace()) + query).post("application/json", body));
    }

    /** One object. */
    public Map<String, Object> get(ObjectId id) throws ClusterFailure {
        return await(send(request(id.path())));
    }

    /** Whatever stands at a path. */
    public Map<String, Object> get(String path) throws ClusterFailure {
        return await(send(request(path)));
    }

    /** Sets annotations of an object. */
    public Map<String, Object> annotate(ObjectId id, Map<String, String> annotations) throws ClusterFailure {
        Map<String, Object> patch = Map.of("metadata", Map.of("annotations", annotations));
        return await(send(request(id.path()).patch("application/merge-patch+json", JsonTree.format(patch))));
    }

    /** Deletes exactly this object; dependents as the policy says. */
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
        return send(request(id.path()).delete("application/json", JsonTree.format(options)));
    }

    /** Objects of a list, with the version that a watch goes on from. */
    record Listing<T>(String resourceVersion, List<T> items) {}

    /**
     * All objects of a kind, page by page.
     *
     * @param namespace the only one to list; null for all
     * @param reader what to keep of each
     */
    <T> Listing<T> list(ResourceKind kind, @CheckForNull String namespace, Function<Map<String, Object>, T> reader)
            throws ClusterFailure {
        return list(kind, kind.listPath(namespace), "application/json", reader);
    }

    /** Like {@link #list}, with nothing but metadata where the server can leave the rest out. */
    Listing<Map<String, Object>> listMetadata(ResourceKind kind) throws ClusterFailure {
        return list(kind, kind.path(), METADATA_ONLY, item -> item);
    }

    private <T> Listing<T> list(
            ResourceKind kind, String path, String accepted, Function<Map<String, Object>, T> reader)
            throws ClusterFailure {
        List<T> items = new ArrayList<>();
        String next = "";
        while (true) {
            String from = next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
            Map<String, Object> part =
                    await(send(request(path + "?limit=" + page + from).setHeader("Accept", accepted)));
            for (Object item : JsonTree.list(part, "items")) {
                Map<String, Object> object = JsonTree.map(item);
                // Items of a list leave out what the list itself says.
                object.putIfAbsent("apiVersion", kind.apiVersion());
                object.putIfAbsent("kind", kind.kind());
                items.add(reader.apply(object));
            }
            next = JsonTree.textOr("", part, "metadata", "continue");
            if (next.isEmpty()) {
                return new Listing<>(JsonTree.textOr("", part, "metadata", "resourceVersion"), items);
            }
        }
    }

    /** Pods that a workload's labels select. */
    public List<Map<String, Object>> pods(String namespace, Map<String, Object> matchLabels) throws ClusterFailure {
        List<String> labels = new ArrayList<>();
        matchLabels.forEach((key, value) -> labels.add(key + "=" + value));
        String selector = URLEncoder.encode(String.join(",", labels), StandardCharsets.UTF_8);
        Map<String, Object> list = get("/api/v1/namespaces/" + namespace + "/pods?limit=50&labelSelector=" + selector);
        return JsonTree.list(list, "items").stream()
                .map(item -> JsonTree.map(item))
                .toList();
    }

    private HttpRequest.Builder request(String path) {
        return http.newHttpRequestBuilder().uri(base + path).timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<Map<String, Object>> send(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), byte[].class).thenApply(ClusterApi::body);
    }

    private static Map<String, Object> body(HttpResponse<byte[]> response) {
        Map<String, Object> body = parse(response.body());
        if (response.isSuccessful()) {
            return body;
        }
        List<ClusterFailure.Conflict> conflicts = new ArrayList<>();
        for (Object cause : JsonTree.list(body, "details", "causes")) {
            if ("FieldManagerConflict".equals(JsonTree.text(cause, "reason"))) {
                conflicts.add(new ClusterFailure.Conflict(
                        manager(JsonTree.textOr("", cause, "message")), JsonTree.textOr("?", cause, "field")));
            }
        }
        String message = JsonTree.textOr("the API server answered " + response.code(), body, "message");
        throw new CompletionException(
                new ClusterFailure(response.code(), JsonTree.text(body, "reason"), message, conflicts));
    }

    /** {@code conflict with "kubectl" using apps/v1} names the manager in quotes. */
    private static String manager(String message) {
        String[] parts = message.split("\"");
        return parts.length > 1 ? parts[1] : message;
    }

    private static Map<String, Object> parse(@CheckForNull byte[] body) {
        try {
            return body == null || body.length == 0 ? Map.of() : JsonTree.parse(body);
        } catch (IOException e) {
            return Map.of(); // Not from an API server; the status code says enough.
        }
    }

    /** The outcome of a request, with its own failure. */
    static <T> T await(CompletableFuture<T> future) throws ClusterFailure {
        try {
            return future.get(2 * TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException c ? c.getCause() : e.getCause();
            throw cause instanceof ClusterFailure failure ? failure : ClusterFailure.unreachable(cause);
        } catch (TimeoutException e) {
            throw ClusterFailure.unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClusterFailure.unreachable(e);
        }
    }
}
