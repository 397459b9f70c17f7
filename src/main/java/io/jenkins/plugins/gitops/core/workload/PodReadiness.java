package io.jenkins.plugins.gitops.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;

/**
 * Whether the pods of a workload have its current template and are ready. Stricter than health: a workload that keeps
 * old pods on purpose (paused, OnDelete, partition) is healthy, but not all its pods have the template.
 *
 * @param wantsPods whether pods are desired now
 * @param problem why they are not ready, one line; null if they are
 */
record PodReadiness(boolean wantsPods, @CheckForNull String problem) {
    private static final PodReadiness NO_PODS = new PodReadiness(false, null);

    /**
     * Returns the readiness of an object of any kind.
     *
     * @param group API group of the object
     */
    static PodReadiness of(String group, String kind, JsonNode object) {
        PodReadiness readiness = ofKind(group + "/" + kind, object);
        JsonNode failure = condition(object, "ReplicaFailure");
        return readiness.problem() != null && isObserved(object) && isTrue(failure)
                ? readiness.because(message(failure, failure.path("reason").asText("pods cannot be created")))
                : readiness;
    }

    private static PodReadiness ofKind(String kind, JsonNode object) {
        return switch (kind) {
            case "apps/Deployment" -> deployment(object);
            case "apps/StatefulSet" -> statefulSet(object);
            case "apps/DaemonSet" -> daemonSet(object);
            case "apps/ReplicaSet", "/ReplicationController" -> replicaSet(object);
            case "batch/Job" -> job(object);
            case "batch/CronJob" -> NO_PODS;
            case "/Pod" -> pod(object);
            case "argoproj.io/Rollout" -> rollout(object);
            case "serving.knative.dev/Service" -> knativeService(object);
            default -> other(object);
        };
    }

    /** @param reason why pods cannot be created or deleted, such as a quota or an admission webhook */
    private PodReadiness because(String reason) {
        return new PodReadiness(wantsPods, problem + "; " + reason);
    }

    private static PodReadiness pods(@CheckForNull String problem) {
        return new PodReadiness(true, problem);
    }

    private static PodReadiness deployment(JsonNode object) {
        JsonNode status = object.path("status");
        long wanted = replicas(object);
        if (wanted == 0) {
            return NO_PODS;
        }
        if (!isObserved(object)) {
            return pods("the rollout has not started");
        }
        JsonNode progressing = condition(object, "Progressing");
        if (progressing.path("reason").asText().equals("ProgressDeadlineExceeded")) {
            return pods(message(progressing, "the rollout exceeded its progress deadline"));
        }
        long updated = status.path("updatedReplicas").asLong();
        long old = status.path("replicas").asLong() - updated;
        if (object.path("spec").path("paused").asBoolean() && (updated < wanted || old > 0)) {
            return pods("the rollout is paused, old pods are kept");
        }
        if (updated < wanted) {
            return pods(updated + " of " + wanted + " pods updated");
        }
        if (old > 0) {
            return pods(old + " old pods still exist");
        }
        return enough(status.path("availableReplicas").asLong(), wanted);
    }

    private static PodReadiness statefulSet(JsonNode object) {
        JsonNode status = object.path("status");
        long wanted = replicas(object);
        if (wanted == 0) {
            return NO_PODS;
        }
        if (!isObserved(object) || status.path("observedGeneration").asLong() == 0) {
            return pods("the rollout has not started");
        }
        String update = status.path("updateRevision").asText();
        boolean complete = !update.isEmpty()
                && update.equals(status.path("currentRevision").asText());
        long updated = complete ? wanted : status.path("updatedReplicas").asLong();
        JsonNode strategy = object.path("spec").path("updateStrategy");
        if (updated < wanted && strategy.path("type").asText().equals("OnDelete")) {
            return pods((wanted - updated) + " old pods are kept until they are deleted (updateStrategy OnDelete)");
        }
        long partition = strategy.path("rollingUpdate").path("partition").asLong();
        if (updated < wanted && partition > 0) {
            return pods(updated + " of " + wanted + " pods updated (partition " + partition + ")");
        }
        return updated < wanted
                ? pods(updated + " of " + wanted + " pods updated")
                : enough(status.path("readyReplicas").asLong(), wanted);
    }

    private static PodReadiness daemonSet(JsonNode object) {
        JsonNode status = object.path("status");
        if (!isObserved(object)) {
            return pods("the rollout has not started");
        }
        long wanted = status.path("desiredNumberScheduled").asLong();
        if (wanted == 0) {
            return NO_PODS;
        }
        long updated = status.path("updatedNumberScheduled").asLong();
        if (updated < wanted) {
            boolean kept = object.at("/spec/updateStrategy/type").asText().equals("OnDelete");
            return pods(
                    kept
                            ? (wanted - updated) + " old pods are kept until they are deleted (updateStrategy OnDelete)"
                            : updated + " of " + wanted + " pods updated");
        }
        return enough(status.path("numberAvailable").asLong(), wanted);
    }

    private static PodReadiness replicaSet(JsonNode object) {
        long wanted = replicas(object);
        if (wanted == 0) {
            return NO_PODS;
        }
        if (!isObserved(object)) {
            return pods("not observed yet");
        }
        if (object.at("/metadata/generation").asLong(1) > 1) {
            // Either it was scaled, or its template was changed, which replaces no pods; the status does not tell.
            return pods(object.path("kind").asText() + " does not replace its pods when its template changes");
        }
        return enough(object.at("/status/availableReplicas").asLong(), wanted);
    }

    private static PodReadiness job(JsonNode object) {
        JsonNode failed = condition(object, "Failed");
        if (isTrue(failed)) {
            return pods(message(failed, "the Job has failed"));
        }
        if (isTrue(condition(object, "Complete"))) {
            return pods(null);
        }
        return pods(object.at("/spec/suspend").asBoolean() ? "the Job is suspended" : "the Job has not completed");
    }

    private static PodReadiness pod(JsonNode object) {
        String phase = object.at("/status/phase").asText();
        if (phase.equals("Succeeded")) {
            return pods(null);
        }
        if (object.at("/status/observedGeneration").asLong() != 0 && !isObserved(object)) {
            return pods("not observed yet");
        }
        JsonNode ready = condition(object, "Ready");
        return pods(isTrue(ready) ? null : message(ready, "the pod is not ready"));
    }

    /** The observed generation of a Rollout is a string. */
    private static PodReadiness rollout(JsonNode object) {
        long wanted = replicas(object);
        JsonNode status = object.path("status");
        if (wanted == 0) {
            return NO_PODS;
        }
        if (!isObserved(object)) {
            return pods("the rollout has not started");
        }
        String current = status.path("currentPodHash").asText();
        boolean stable =
                !current.isEmpty() && current.equals(status.path("stableRS").asText());
        if (!stable) {
            return pods(message(
                    status, "the rollout is " + status.path("phase").asText("Progressing") + ", old pods are kept"));
        }
        return enough(status.path("availableReplicas").asLong(), wanted);
    }

    /** It may be scaled to zero at any time; the latest ready revision proves that the template has run. */
    private static PodReadiness knativeService(JsonNode object) {
        JsonNode status = object.path("status");
        JsonNode ready = condition(object, "Ready");
        boolean newest = status.path("latestReadyRevisionName")
                .asText()
                .equals(status.path("latestCreatedRevisionName").asText());
        return isObserved(object) && isTrue(ready) && newest
                ? NO_PODS
                : new PodReadiness(false, message(ready, "the newest revision is not ready"));
    }

    /** Reads the usual status fields of an unknown kind, if it has them. */
    private static PodReadiness other(JsonNode object) {
        if (object.path("status").has("observedGeneration") && !isObserved(object)) {
            return pods("not observed yet");
        }
        for (String type : List.of("Ready", "Available")) {
            JsonNode condition = condition(object, type);
            if (!condition.isMissingNode()) {
                return pods(isTrue(condition) ? null : message(condition, "not " + type));
            }
        }
        return pods(null);
    }

    private static PodReadiness enough(long ready, long wanted) {
        return pods(ready < wanted ? ready + " of " + wanted + " pods ready" : null);
    }

    private static long replicas(JsonNode object) {
        return object.at("/spec/replicas").asLong(1);
    }

    private static boolean isObserved(JsonNode object) {
        return object.at("/metadata/generation").asLong()
                <= object.at("/status/observedGeneration").asLong();
    }

    private static boolean isTrue(JsonNode condition) {
        return condition.path("status").asText().equals("True");
    }

    /** A missing node if there is no condition of the type. */
    private static JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return object.path("status").path("");
    }

    private static String message(JsonNode from, String otherwise) {
        String message = TextSanitizer.line(from.path("message").asText());
        return message.isEmpty() ? otherwise : message;
    }
}
