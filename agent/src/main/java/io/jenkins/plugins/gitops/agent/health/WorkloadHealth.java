package io.jenkins.plugins.gitops.agent.health;

import java.util.Objects;

/** Health of workloads; the order of the checks is that of gitops-engine. */
final class WorkloadHealth {
    private WorkloadHealth() {}

    static HealthStatus deployment(JsonFields deployment) {
        JsonFields spec = deployment.in("spec");
        JsonFields status = deployment.in("status");
        if (spec.flag("paused")) {
            return HealthStatus.suspended("the rollout is paused");
        }
        if (!isObserved(deployment)) {
            return HealthStatus.progressing("the rollout has not started");
        }
        boolean late = deployment
                .find("Progressing")
                .filter(c -> c.reason().equals("ProgressDeadlineExceeded"))
                .isPresent();
        if (late) {
            return HealthStatus.degraded("ProgressDeadlineExceeded" + replicaFailure(deployment));
        }
        long wanted = spec.number("replicas", 1);
        long updated = status.number("updatedReplicas", 0);
        long all = status.number("replicas", 0);
        long available = status.number("availableReplicas", 0);
        if (updated < wanted) {
            return HealthStatus.progressing(updated + " of " + wanted + " updated" + replicaFailure(deployment));
        }
        if (all > updated) {
            return HealthStatus.progressing((all - updated) + " old replicas still exist" + replicaFailure(deployment));
        }
        if (available < updated) {
            return HealthStatus.progressing(available + " of " + updated + " available" + replicaFailure(deployment));
        }
        return HealthStatus.HEALTHY;
    }

    /** Why no pods can be created, such as a quota or an admission webhook; empty if they can. */
    private static String replicaFailure(JsonFields workload) {
        return workload.find("ReplicaFailure")
                .filter(Condition::isTrue)
                .map(c -> "; " + c.messageOrReason())
                .orElse("");
    }

    static HealthStatus statefulSet(JsonFields set) {
        JsonFields spec = set.in("spec");
        JsonFields status = set.in("status");
        if (status.number("observedGeneration", 0) == 0 || !isObserved(set)) {
            return HealthStatus.progressing("the rollout has not started");
        }
        long wanted = spec.number("replicas", 1);
        long ready = status.number("readyReplicas", 0);
        if (ready < wanted) {
            return HealthStatus.progressing(ready + " of " + wanted + " ready");
        }
        JsonFields strategy = spec.in("updateStrategy");
        if ("OnDelete".equals(strategy.text("type"))) {
            return HealthStatus.HEALTHY;
        }
        if (strategy.has("rollingUpdate")) {
            long toUpdate = wanted - strategy.in("rollingUpdate").number("partition", 0);
            long updated = status.number("updatedReplicas", 0);
            return updated < toUpdate
                    ? HealthStatus.progressing(updated + " of " + toUpdate + " updated")
                    : HealthStatus.HEALTHY;
        }
        return Objects.equals(status.text("currentRevision"), status.text("updateRevision"))
                ? HealthStatus.HEALTHY
                : HealthStatus.progressing("updating to " + status.text("updateRevision"));
    }

    static HealthStatus daemonSet(JsonFields set) {
        JsonFields status = set.in("status");
        if (!isObserved(set)) {
            return HealthStatus.progressing("the rollout has not started");
        }
        if ("OnDelete".equals(set.in("spec").in("updateStrategy").text("type"))) {
            return HealthStatus.HEALTHY;
        }
        long wanted = status.number("desiredNumberScheduled", 0);
        long updated = status.number("updatedNumberScheduled", 0);
        long available = status.number("numberAvailable", 0);
        if (updated < wanted) {
            return HealthStatus.progressing(updated + " of " + wanted + " updated");
        }
        return available < wanted
                ? HealthStatus.progressing(available + " of " + wanted + " available")
                : HealthStatus.HEALTHY;
    }

    static HealthStatus replicaSet(JsonFields set) {
        if (!isObserved(set)) {
            return HealthStatus.progressing("not observed yet");
        }
        if (set.isTrue("ReplicaFailure")) {
            return HealthStatus.degraded(set.find("ReplicaFailure").get().messageOrReason());
        }
        long wanted = set.in("spec").number("replicas", 1);
        long available = set.in("status").number("availableReplicas", 0);
        return available < wanted
                ? HealthStatus.progressing(available + " of " + wanted + " available")
                : HealthStatus.HEALTHY;
    }

    static HealthStatus job(JsonFields job) {
        if (job.isTrue("Failed")) {
            return HealthStatus.degraded(job.find("Failed").get().messageOrReason());
        }
        if (job.isTrue("Suspended")) {
            return HealthStatus.suspended("the job is suspended");
        }
        // Argo CD treats a resumed job as healthy; a build that waits for it must not treat it as completed.
        return job.isTrue("Complete") ? HealthStatus.HEALTHY : HealthStatus.progressing("the job is running");
    }

    private static boolean isObserved(JsonFields resource) {
        return resource.in("metadata").number("generation", 0)
                <= resource.in("status").number("observedGeneration", 0);
    }
}
