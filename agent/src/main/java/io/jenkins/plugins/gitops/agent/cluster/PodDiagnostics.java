package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.agent.health.ResourceHealth;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.Health;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out why objects are not healthy: reads the pods of a workload that is Degraded, or has been Progressing for a
 * while. Pods are not watched, since a cluster has many and only few are unhealthy.
 */
final class PodDiagnostics {
    /** A successful rollout is over, or has progressed, before its pods are read. */
    private static final long PROGRESS_GRACE = Duration.ofMillis(1500).toNanos();

    private static final long FRESH = Duration.ofSeconds(2).toNanos();

    private final ClusterApi api;
    private final Map<ObjectId.Key, Diagnosis> known = new HashMap<>();

    /**
     * @param since when it was first observed unhealthy
     * @param failing since when its controller has been retrying
     */
    private record Diagnosis(
            long since, FailureGracePeriod failing, long version, long askedAt, HealthStatus assessment) {}

    PodDiagnostics(ClusterApi api) {
        this.api = api;
    }

    /** The health of an object, with the reason from its pods if it is known. */
    HealthStatus explain(LiveObject live) {
        ObjectId.Key key = live.id().key();
        Diagnosis before;
        synchronized (known) {
            if (live.unhealthyObject() == null) {
                known.remove(key);
                return live.assessment();
            }
            before = known.get(key);
        }
        long now = System.nanoTime();
        long since = before == null ? now : before.since();
        boolean degraded = live.assessment().health() == Health.DEGRADED;
        FailureGracePeriod failing = FailureGracePeriod.next(before == null ? null : before.failing(), live, now);
        boolean fresh = before != null && before.version() == live.version() && now - before.askedAt() < FRESH;
        if (fresh) {
            return failing.evaluate(before.assessment(), now);
        }
        boolean ask = degraded || now - since > PROGRESS_GRACE;
        HealthStatus healthStatus = ask ? withPods(live) : live.assessment();
        synchronized (known) {
            known.put(key, new Diagnosis(since, failing, live.version(), ask ? now : now - FRESH, healthStatus));
        }
        return failing.evaluate(healthStatus, now);
    }

    private HealthStatus withPods(LiveObject live) {
        Map<String, Object> labels = JsonTree.map(live.unhealthyObject(), "spec", "selector", "matchLabels");
        if (labels.isEmpty() || live.id().namespace() == null) {
            return live.assessment();
        }
        try {
            List<Map<String, Object>> pods = api.pods(live.id().namespace(), labels);
            return ResourceHealth.of(live.unhealthyObject(), pods);
        } catch (ClusterException e) {
            return live.assessment(); // The reason is optional.
        }
    }
}
