package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The ConfigMap in the agent's own namespace that stores its identity. Not thread-safe. */
public final class IdentityConfigMap {
    private static final ResourceKind CONFIG_MAP =
            ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();
    private static final int SHORT_HASH = 12;

    private final ClusterApi api;
    private final ObjectId id;
    private final Consumer<String> log;
    private boolean logged;

    /** @param log receives a line if the ConfigMap may not be read or written */
    IdentityConfigMap(ClusterApi api, String namespace, String agent, Consumer<String> log) {
        this.api = api;
        String name = "gitops-agent-identity-" + LiveObject.hash(agent).substring(0, SHORT_HASH);
        this.id = new ObjectId(CONFIG_MAP, namespace, name);
        this.log = log;
    }

    /**
     * The stored value; empty if the agent may not read it.
     *
     * @throws ClusterException if the API server cannot be reached
     */
    public Optional<String> get(String key) throws ClusterException {
        try {
            return Optional.ofNullable(JsonTree.text(api.get(id), "data", key));
        } catch (ClusterException e) {
            if (e.isOutage()) {
                throw e;
            }
            if (!e.isNotFound()) {
                warn(e);
            }
            return Optional.empty();
        }
    }

    /**
     * Stores a value; does nothing if the agent may not write.
     *
     * @throws ClusterException if the API server cannot be reached
     */
    public void put(String key, String value) throws ClusterException {
        try {
            Map<String, Object> manifest = new LinkedHashMap<>();
            manifest.put("apiVersion", "v1");
            manifest.put("kind", "ConfigMap");
            manifest.put("metadata", Map.of("name", id.name(), "namespace", id.namespace()));
            Map<String, Object> data = JsonTree.child(manifest, "data");
            for (String other : new String[] {"cluster", "repository"}) {
                get(other).ifPresent(known -> data.put(other, known));
            }
            data.put(key, value);
            ClusterApi.await(api.apply(id, manifest, false, true));
        } catch (ClusterException e) {
            if (e.isOutage()) {
                throw e;
            }
            warn(e);
        }
    }

    private void warn(ClusterException failure) {
        if (!logged) {
            logged = true;
            log.accept("which repository the agent follows is recorded in its cache folder only: ConfigMap " + id.name()
                    + " in namespace " + id.namespace() + ": " + failure.getMessage());
        }
    }
}
