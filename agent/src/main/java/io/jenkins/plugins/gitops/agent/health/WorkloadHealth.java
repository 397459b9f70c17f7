package io.jenkins.plugins.gitops.agent.health;

import java.util.Objects;

/** Health of what runs pods; the order of the checks is that of gitops-engine. */
final class WorkloadHealth {
    private WorkloadHealth() {}

    static Assessment deployment(Fields deployment) {
        Fields spec = deployment.in("spec");
        Fields status = deployment.in("status");
        if (spec.flag("paused")) {
            return Assessment.suspended("the rollout is paused");
        }
        if (!isObserved(deployment)) {
            return Assessment.progressing("the rollout has not begun");
        }
        boolean late = deployment
                .find("Progressing")
                .filter(c -> c.reason().equals("ProgressDeadlineExceeded"))
                .isPresent();
        if (late) {
            return Assessment.degraded("ProgressDeadlineExceeded" + replicaFailure(deployment));
        }
        long wanted = spec.number("replicas", 1);
        long updated = status.number("updatedReplicas", 0);
        long all = status.number("replicas", 0);
        long available = status.number("availableReplicas", 0);
        if (updated < wanted) {
            return Assessment.progressing(updated + " of " + wanted + " updated" + replicaFailure(deployment));
        }
        if (all > updated) {
            return Assessment.progressing(
                    (all - updated) + " old replicas are still there" + replicaFailure(deployment));
        }
        if (available < updated) {
            return Assessment.progressing(available + " of " + updated + " available" + replicaFailure(deployment));
        }
        return Assessment.HEALTHY;
    }

    /** Why no pod can be created, such as a quota or an admission webhook; empty when pods can be. */
    private static String replicaFailure(Fields workload) {
        return workload.find("ReplicaFailure")
                .filter(Condition::isTrue)
                .map(c -> "; " + c.messageOrReason())
                .orElse("");
    }

    static Assessment statefulSet(Fields set) {
        Fields spec = set.in("spec");
        Fields status = set.in("status");
        if (status.number("observedGeneration", 0) == 0 || !isObserved(set)) {
            return Assessment.progressing("the rollout has not begun");
        }
        long wanted = spec.number("replicas", 1);
        long ready = status.number("readyReplicas", 0);
        if (ready < wanted) {
            return Assessment.progressing(ready + " of " + wanted + " ready");
        }
        Fields strategy = spec.in("updateStrategy");
        if ("OnDelete".equals(strategy.text("type"))) {
            return Assessment.HEALTHY;
        }
        if (strategy.has("rollingUpdate")) {
            long toUpdate = wanted - strategy.in("rollingUpdate").number("partition", 0);
            long updated = status.number("updatedReplicas", 0);
            return updated < toUpdate
                    ? Assessment.progressing(updated + " of " + toUpdate + " updated")
                    : Assessment.HEALTHY;
        }
        return Objects.equals(status.text("currentRevision"), status.text("updateRevision"))
                ? Assessment.HEALTHY
                : Assessment.progressing("updating to " + status.text("updateRevision"));
    }

    static Assessment daemonSet(Fields set) {
        Fields status = set.in("status");
        if (!isObserved(set)) {
            return Assessment.progressing("the rollout has not begun");
        }
        if ("OnDelete".equals(set.in("spec").in("updateStrategy").text("type"))) {
            return Assessment.HEALTHY;
        }
        long wanted = status.number("desiredNumberScheduled", 0);
        long updated = status.number("updatedNumberScheduled", 0);
        long available = status.number("numberAvailable", 0);
        if (updated < wanted) {
            return Assessment.progressing(updated + " of " + wanted + " updated");
        }
        return available < wanted
                ? Assessment.progressing(available + " of " + wanted + " available")
                : Assessment.HEALTHY;
    }

    static Assessment replicaSet(Fields set) {
        if (!isObserved(set)) {
            return Assessment.progressing("not observed yet");
        }
        if (set.isTrue("ReplicaFailure")) {
            return Assessment.degraded(set.find("ReplicaFailure").get().messageOrReason());
        }
        long wanted = set.in("spec").number("replicas", 1);
        long available = set.in("status").number("availableReplicas", 0);
        return available < wanted
                ? Assessment.progressing(available + " of " + wanted + " available")
                : Assessment.HEALTHY;
    }

    static Assessment job(Fields job) {
        if (job.isTrue("Failed")) {
            return Assessment.degraded(job.find("Failed").get().messageOrReason());
        }
        if (job.isTrue("Suspended")) {
            return Assessment.suspended("the job is suspended");
        }
        // Argo CD calls a job healthy from when it is resumed; a build that waits must not take that for done.
        return job.isTrue("Complete") ? Assessment.HEALTHY : Assessment.progressing("the job runs");
    }

    private static boolean isObserved(Fields resource) {
        return resource.in("metadata").number("generation", 0)
                <= resource.in("status").number("observedGeneration", 0);
    }
}
