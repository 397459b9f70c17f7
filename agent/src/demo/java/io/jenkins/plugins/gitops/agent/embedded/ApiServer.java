package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Serves the requests of Kubernetes clients from an {@link ObjectStore}. */
final class ApiServer extends Dispatcher {
    private static final String APPLY = "application/apply-patch+yaml";

    private final ObjectStore store;
    private final KindRegistry kinds;
    private final ObjectWriter writer;
    private final Executor sender;
    private final AtomicLong writes = new AtomicLong();

    ApiServer(ObjectStore store, ObjectWriter writer, Executor sender) {
        this.store = store;
        this.kinds = new KindRegistry(store);
        this.writer = writer;
        this.sender = sender;
    }

    /** Returns how many requests so far were meant to change something. */
    long writes() {
        return writes.get();
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        try {
            URI uri = URI.create(request.getPath());
            Map<String, Object> discovered = discovery(uri.getPath());
            return discovered == null ? answer(request, ApiRequestPath.parse(uri, kinds)) : json(200, discovered);
        } catch (ApiStatusException e) {
            return new MockResponse()
                    .setResponseCode(e.code())
                    .setHeader("Content-Type", "application/json")
                    .setBody(e.status());
        } catch (IOException | RuntimeException e) {
            return new MockResponse().setResponseCode(500).setBody("{\"message\":\"" + e.getClass() + "\"}");
        }
    }

    @CheckForNull
    private Map<String, Object> discovery(String path) {
        if (path.equals("/version")) {
            return Map.of("major", "1", "minor", "34", "gitVersion", "v1.34.0+embedded");
        }
        if (path.matches("/api/[^/]+")) {
            return kinds.resources(path.substring("/api/".length()));
        }
        return path.matches("/apis/[^/]+/[^/]+") ? kinds.resources(path.substring("/apis/".length())) : null;
    }

    private MockResponse answer(RecordedRequest request, ApiRequestPath target) throws ApiStatusException, IOException {
        boolean read = request.getMethod().equals("GET");
        if (!read && !target.isDryRun()) {
            writes.incrementAndGet();
        }
        String manager = manager(request, target);
        switch (request.getMethod()) {
            case "GET":
                return get(target, Representation.of(request.getHeader("Accept")));
            case "POST":
                return json(201, writer.create(target, object(request), manager));
            case "PUT":
                return json(200, writer.update(target, object(request), manager));
            case "PATCH":
                return json(200, patch(request, target, manager));
            case "DELETE":
                if (target.name() == null) {
                    throw ApiStatusException.notAllowed("DELETE of a collection");
                }
                return json(200, writer.delete(target, options(request)));
            default:
                throw ApiStatusException.notAllowed(request.getMethod());
        }
    }

    private MockResponse get(ApiRequestPath target, Representation representation) throws ApiStatusException {
        Selector selector = Selector.parse(
                target.query().get("labelSelector"), target.query().get("fieldSelector"));
        if (target.name() == null && target.isWatch()) {
            return new MockResponse()
                    .withWebSocketUpgrade(new WatchStream(store, target, selector, representation, sender));
        }
        if (target.name() != null) {
            Map<String, Object> object = store.get(target.key());
            if (object == null) {
                throw ApiStatusException.notFound(target.kind().plural(), target.name());
            }
            return json(200, "scale".equals(target.subresource()) ? Scale.of(object) : representation.of(object));
        }
        synchronized (store) {
            List<Map<String, Object>> items =
                    store.list(target.kind().group(), target.kind().plural(), target.namespace()).values().stream()
                            .filter(selector::matches)
                            .toList();
            return json(200, representation.list(target.kind(), store.version(), items));
        }
    }

    private Map<String, Object> patch(RecordedRequest request, ApiRequestPath target, String manager)
            throws ApiStatusException, IOException {
        if (target.name() == null) {
            throw ApiStatusException.notAllowed("PATCH of a collection");
        }
        String type = request.getHeader("Content-Type");
        byte[] body = request.getBody().getBytes();
        if (type != null && type.startsWith(APPLY) && target.subresource() == null) {
            if (!target.query().containsKey("fieldManager")) {
                throw ApiStatusException.badRequest(
                        "PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: "
                                + "is required for apply patch");
            }
            return writer.apply(
                    target,
                    configuration(body),
                    manager,
                    "true".equals(target.query().get("force")));
        }
        return writer.patch(target, ObjectPatch.parse(type, body), manager);
    }

    /** Parses an applied configuration, which may be YAML. */
    private static Map<String, Object> configuration(byte[] body) throws ApiStatusException, IOException {
        if (body.length > 0 && body[0] == '{') {
            return JsonTree.parse(body);
        }
        Object value = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(new String(body, java.nio.charset.StandardCharsets.UTF_8));
        if (!(value instanceof Map<?, ?>)) {
            throw ApiStatusException.badRequest("not an object");
        }
        return JsonTree.copy(JsonTree.map(value));
    }

    private static Map<String, Object> object(RecordedRequest request) throws ApiStatusException, IOException {
        byte[] body = request.getBody().getBytes();
        if (body == null || body.length == 0) {
            throw ApiStatusException.badRequest("no body");
        }
        return JsonTree.parse(body);
    }

    private static Map<String, Object> options(RecordedRequest request) throws IOException {
        byte[] body = request.getBody() == null ? null : request.getBody().getBytes();
        return body == null || body.length == 0 ? Map.of() : JsonTree.parse(body);
    }

    private static String manager(RecordedRequest request, ApiRequestPath target) {
        String named = target.query().get("fieldManager");
        String agent = request.getHeader("User-Agent");
        return named != null && !named.isEmpty() ? named : agent == null ? "unknown" : agent.split("/")[0];
    }

    private static MockResponse json(int code, Map<String, Object> body) {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(JsonTree.format(body));
    }
}
