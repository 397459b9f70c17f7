package io.jenkins.plugins.gitops.agent.embedded;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the status that the Deployment controller writes. */
final class DeploymentStatus {
    private DeploymentStatus() {}

    /** Writes the status of a Deployment, unless it is unchanged. */
    static void write(
            ObjectStore store, ObjectKey key, SimulatedPods pods, DeploymentController.RolloutOutcome outcome) {
        Map<String, Object> deployment = store.get(key);
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("observedGeneration", JsonTree.numberOr(1, deployment, "metadata", "generation"));
        status.put("replicas", pods.total());
        status.put("updatedReplicas", pods.updated());
        status.put("readyReplicas", pods.ready());
        status.put("availableReplicas", pods.ready());
        int missing = Math.max(0, Math.max(pods.desired(), pods.total()) - pods.ready());
        if (missing > 0) {
            status.put("unavailableReplicas", missing);
        }
        String name = "ReplicaSet \"" + key.name() + "-" + pods.template() + "\" ";
        boolean available = pods.ready() >= pods.desired() - pods.desired() / 4;
        List<Object> conditions = new ArrayList<>();
        conditions.add(condition(
                "Available",
                available,
                available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                available ? "Deployment has minimum availability." : "Deployment does not have minimum availability."));
        conditions.add(
                switch (outcome) {
                    case COMPLETE ->
                        condition("Progressing", true, "NewReplicaSetAvailable", name + "has successfully progressed.");
                    case MOVING -> condition("Progressing", true, "ReplicaSetUpdated", name + "is progressing.");
                    case STUCK ->
                        condition(
                                "Progressing", false, "ProgressDeadlineExceeded", name + "has timed out progressing.");
                });
        status.put("conditions", conditions);
        if (!JsonTree.same(status, deployment.get("status"))) {
            Map<String, Object> changed = JsonTree.copy(deployment);
            changed.put("status", status);
            store.put(key, changed);
        }
    }

    private static Map<String, Object> condition(String type, boolean status, String reason, String message) {
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", type);
        condition.put("status", status ? "True" : "False");
        condition.put("reason", reason);
        condition.put("message", message);
        return condition;
    }
}
