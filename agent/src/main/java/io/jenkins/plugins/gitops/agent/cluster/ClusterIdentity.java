package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Identifies a cluster by the uid of its namespace {@code kube-system}: every cluster has that namespace, it cannot be
 * deleted, and no other cluster has the same uid. OpenTelemetry's {@code k8s.cluster.uid} is this uid, too.
 */
public final class ClusterIdentity {
    private static final String PATH = "/api/v1/namespaces/kube-system";
    private static final int FORBIDDEN = 403;

    private final ClusterApi api;
    private final Consumer<String> log;
    /** Guarded by this; null until the API server answered once. */
    private Optional<String> known;

    /** @param log gets a line when the uid may not be read */
    ClusterIdentity(ClusterApi api, Consumer<String> log) {
        this.api = api;
        this.log = log;
    }

    /**
     * The uid as the API server first answered it; later calls cost no request.
     *
     * @return empty when the agent may not read the namespace
     * @throws ClusterException when the API server cannot be asked; the next call asks again
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
     * Asks the API server for the uid now, to notice that another cluster answers.
     *
     * @return empty when the agent may not read the namespace
     * @throws ClusterException when the API server cannot be asked
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
