package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Resolves kinds: built-in ones are known, others are requested once. */
final class RestMapper {
    private final ClusterApi api;
    private final Map<String, ResourceKind> found = new ConcurrentHashMap<>();

    RestMapper(ClusterApi api) {
        this.api = api;
    }

    /** The kind of a manifest; empty if the API server does not know it (yet). */
    Optional<ResourceKind> find(String apiVersion, String kind) throws ClusterException {
        Optional<ResourceKind> builtIn = ResourceKind.builtIn(apiVersion, kind);
        if (builtIn.isPresent()) {
            return builtIn;
        }
        ResourceKind known = found.get(apiVersion + "/" + kind);
        if (known == null) {
            discover(apiVersion);
            known = found.get(apiVersion + "/" + kind);
        }
        return Optional.ofNullable(known);
    }

    /** Forgets the kind, so that it is requested again when it is next needed. */
    void forget(ResourceKind kind) {
        found.remove(kind.apiVersion() + "/" + kind.kind());
    }

    private void discover(String apiVersion) throws ClusterException {
        Map<String, Object> resources;
        try {
            resources = api.get((apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion);
        } catch (ClusterException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        for (Object resource : JsonTree.list(resources, "resources")) {
            String plural = JsonTree.textOr("", resource, "name");
            String kind = JsonTree.textOr("", resource, "kind");
            if (!plural.contains("/")) {
                found.put(
                        apiVersion + "/" + kind,
                        ResourceKind.of(apiVersion, kind, plural, JsonTree.isTrue(resource, "namespaced")));
            }
        }
    }
}
