package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Identifies a cluster by the UID of its namespace {@code kube-system}: every cluster has that namespace, it cannot be
 * deleted, and no other cluster has the same UID. OpenTelemetry also uses it, as {@code k8s.cluster.uid}.
 */
public final class ClusterIdentity {
    private static final String PATH = "/api/v1/namespaces/kube-system";
    private static final int FORBIDDEN = 403;

    private final ClusterApi api;
    private final Consumer<String> log;
    /** Guarded by this; null until the API server has responded once. */
    private Optional<String> known;

    /** @param log receives a line if the UID may not be read */
    ClusterIdentity(ClusterApi api, Consumer<String> log) {
        this.api = api;
        this.log = log;
    }

    /**
     * The UID as first read from the API server; later calls send no request.
     *
     * @return empty if the agent may not read the namespace
     * @throws ClusterException if the API server cannot be reached; the next call tries again
     */
    public synchronized Optional<String> uid() throws ClusterException {
        if (known == null) {
            known = read();
            if (known.isEmpty()) {
                log.accept("cannot read the uid of namespace kube-system, which identifies the cluster: grant the agent"
                        + " the verb get on namespaces with resourceNames [kube-system]; until then objects are tracked"
                        + " by the name of the agent only");
            }
        }
        return known;
    }

    /**
     * Reads the UID from the API server, to detect that another cluster responds.
     *
     * @return empty if the agent may not read the namespace
     * @throws ClusterException if the API server cannot be reached
     */
    public Optional<String> read() throws ClusterException {
        try {
            return Optional.ofNullable(JsonTree.text(api.get(PATH), "metadata", "uid"))
                    .filter(uid -> !uid.isEmpty());
        } catch (ClusterException e) {
            if (e.code() == FORBIDDEN || e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
