package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.cluster.ClusterApi;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.agent.health.ResourceHealth;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds out why workloads are not healthy by reading their pods. Pods are not watched, since a cluster has many and few
 * are unhealthy. Not thread-safe.
 */
final class WorkloadDiagnostics {
    private static final Logger LOGGER = Logger.getLogger(WorkloadDiagnostics.class.getName());
    /** A successful rollout is over, or has progressed, before its pods are read. */
    private static final long PROGRESS_GRACE = Duration.ofMillis(1500).toNanos();
    /** The maximum number of workloads to read pods for in one round. */
    private static final int MAX_WORKLOADS = 10;

    private final ClusterApi api;
    private final ObservedState state;
    private final Map<WorkloadKey, PodLookup> known = new HashMap<>();

    /**
     * @param version the version of the workload when its pods were read; -1 before
     * @param since when it was first seen unhealthy
     */
    private record PodLookup(long version, long since) {}

    WorkloadDiagnostics(ClusterApi api, ObservedState state) {
        this.api = api;
        this.state = state;
    }

    /** Runs one round; a workload whose pods cannot be read is skipped. */
    void run() {
        List<ObservedWorkload> unwell = state.workloads.all().stream()
                .filter(workload -> workload.live().unhealthyObject() != null)
                .toList();
        known.keySet().retainAll(unwell.stream().map(ObservedWorkload::key).toList());
        long now = System.nanoTime();
        int asked = 0;
        for (ObservedWorkload workload : unwell) {
            PodLookup before = known.computeIfAbsent(workload.key(), key -> new PodLookup(-1, now));
            boolean news = before.version() != workload.live().version();
            if (news && now - before.since() > PROGRESS_GRACE && asked < MAX_WORKLOADS) {
                asked++;
                known.put(workload.key(), new PodLookup(workload.live().version(), before.since()));
                lookUp(workload);
            }
        }
    }

    private void lookUp(ObservedWorkload workload) {
        Map<String, Object> labels = JsonTree.map(workload.live().unhealthyObject(), "spec", "selector", "matchLabels");
        if (labels.isEmpty()) {
            return;
        }
        try {
            List<Map<String, Object>> pods = api.pods(workload.key().namespace(), labels);
            state.explain(workload, ResourceHealth.of(workload.live().unhealthyObject(), pods));
        } catch (ClusterException e) {
            LOGGER.log(
                    Level.FINE, "The pods of {0} cannot be read: {1}", new Object[] {workload.key(), e.getMessage()});
        }
    }
}
