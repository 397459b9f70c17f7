package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Optional;
import java.util.Set;

/** Health of a Rollout of Argo Rollouts: from its phase, or for releases before 1.0 from its other status fields. */
final class RolloutHealth {
    private static final Set<String> ENDED = Set.of("RolloutAborted", "ProgressDeadlineExceeded");

    private RolloutHealth() {}

    static HealthStatus of(JsonFields rollout) {
        JsonFields status = rollout.in("status");
        if (!rollout.has("status") || rollout.isStale() || !isWorkloadObserved(rollout)) {
            return HealthStatus.progressing(GenericHealth.NOT_OBSERVED);
        }
        String message = status.text("message");
        return switch (status.textOrEmpty("phase")) {
            case "" -> ofOldRelease(rollout);
            case "Healthy" -> HealthStatus.HEALTHY;
            case "Paused" -> HealthStatus.suspended(message == null ? "the rollout is paused" : message);
            case "Degraded" ->
                // An invalid spec may refer to something that is still to be created, such as an analysis template.
                rollout.isTrue("InvalidSpec") ? HealthStatus.failing(message) : HealthStatus.degraded(message);
            default -> HealthStatus.progressing(message);
        };
    }

    /** A Deployment that the rollout refers to has its own generation. */
    private static boolean isWorkloadObserved(JsonFields rollout) {
        String wanted = rollout.in("metadata").in("annotations").text("rollout.argoproj.io/workload-generation");
        return !rollout.in("spec").has("workloadRef")
                || wanted == null
                || wanted.equals(rollout.in("status").text("workloadObservedGeneration"));
    }

    private static HealthStatus ofOldRelease(JsonFields rollout) {
        JsonFields status = rollout.in("status");
        if (rollout.find("InvalidSpec").isPresent()) {
            return HealthStatus.failing(rollout.find("InvalidSpec").get().message());
        }
        Optional<Condition> ended = rollout.find("Progressing").filter(c -> ENDED.contains(c.reason()));
        if (ended.isPresent()) {
            return HealthStatus.degraded(ended.get().message());
        }
        if (!status.list("pauseConditions").isEmpty() || rollout.in("spec").flag("paused")) {
            return HealthStatus.suspended("the rollout is paused");
        }
        String unfinished = unfinished(rollout, status);
        return unfinished == null ? HealthStatus.HEALTHY : HealthStatus.progressing(unfinished);
    }

    @CheckForNull
    private static String unfinished(JsonFields rollout, JsonFields status) {
        long wanted = rollout.in("spec").number("replicas", 1);
        long updated = status.number("updatedReplicas", 0);
        long available = status.number("availableReplicas", 0);
        String current = status.textOrEmpty("currentPodHash");
        if (current.isEmpty()) {
            return "the rollout has not started";
        }
        if (updated < wanted) {
            return updated + " of " + wanted + " updated";
        }
        if (available < updated) {
            return available + " of " + updated + " available";
        }
        JsonFields blueGreen = status.in("blueGreen");
        boolean switched =
                !rollout.in("spec").in("strategy").has("blueGreen") || current.equals(blueGreen.text("activeSelector"));
        if (!switched) {
            return "the active service has not been switched yet";
        }
        String stable = status.has("stableRS")
                ? status.textOrEmpty("stableRS")
                : status.in("canary").textOrEmpty("stableRS");
        boolean canary = rollout.in("spec").in("strategy").has("canary");
        long old = status.number("replicas", 0) - updated;
        if (canary && old > 0) {
            return old + " old replicas still exist";
        }
        boolean complete = stable.equals(current) || !canary && stable.isEmpty();
        return complete ? null : "the rollout has not finished its steps";
    }
}
