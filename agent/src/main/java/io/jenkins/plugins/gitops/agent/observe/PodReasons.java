package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.cluster.ClusterApi;
import io.jenkins.plugins.gitops.agent.cluster.ClusterFailure;
import io.jenkins.plugins.gitops.agent.health.HealthAssessment;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Why workloads are not healthy: asks for their pods, which are not watched, since a cluster has many and few are ill. Of one
 * thread.
 */
final class PodReasons {
    private static final Logger LOGGER = Logger.getLogger(PodReasons.class.getName());
    /** A roll-out that goes well is over, or has moved on, before its pods are asked for. */
    private static final long PATIENCE = Duration.ofMillis(1500).toNanos();
    /** Workloads that are asked about in one round. */
    private static final int MOST = 10;

    private final ClusterApi api;
    private final ObservedState state;
    private final Map<WorkloadKey, Asked> known = new HashMap<>();

    /**
     * @param version of the workload when it was asked about; -1 when it was not yet
     * @param since when it was first seen not to be healthy
     */
    private record Asked(long version, long since) {}

    PodReasons(ClusterApi api, ObservedState state) {
        this.api = api;
        this.state = state;
    }

    /** One round; what cannot be asked is left as it is. */
    void look() {
        List<ObservedWorkload> unwell = state.workloads.all().stream()
                .filter(workload -> workload.live().unwell() != null)
                .toList();
        known.keySet().retainAll(unwell.stream().map(ObservedWorkload::key).toList());
        long now = System.nanoTime();
        int asked = 0;
        for (ObservedWorkload workload : unwell) {
            Asked before = known.computeIfAbsent(workload.key(), key -> new Asked(-1, now));
            boolean news = before.version() != workload.live().version();
            if (news && now - before.since() > PATIENCE && asked < MOST) {
                asked++;
                known.put(workload.key(), new Asked(workload.live().version(), before.since()));
                ask(workload);
            }
        }
    }

    private void ask(ObservedWorkload workload) {
        Map<String, Object> labels = JsonTree.map(workload.live().unwell(), "spec", "selector", "matchLabels");
        if (labels.isEmpty()) {
            return;
        }
        try {
            List<Map<String, Object>> pods = api.pods(workload.key().namespace(), labels);
            state.explain(workload, HealthAssessment.of(workload.live().unwell(), pods));
        } catch (ClusterFailure e) {
            LOGGER.log(
                    Level.FINE, "The pods of {0} cannot be read: {1}", new Object[] {workload.key(), e.getMessage()});
        }
    }
}
