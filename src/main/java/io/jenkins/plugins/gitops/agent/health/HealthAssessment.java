package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.Health;
import java.util.List;
import java.util.Map;

/** Health of one live resource. A kind that is not known here has none, and does not count. */
public final class HealthAssessment {
    private HealthAssessment() {}

    /**
     * @param live the resource as the API server gives it
     * @param pods the pods that belong to it, for the reason of what is wrong; may be empty
     */
    public static Assessment of(Map<String, Object> live, List<Map<String, Object>> pods) {
        Fields resource = Fields.of(live);
        if (resource.in("metadata").has("deletionTimestamp")) {
            return Assessment.progressing("Pending deletion");
        }
        String apiVersion = String.valueOf(resource.text("apiVersion"));
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        Assessment own =
                switch (group + "/" + resource.text("kind")) {
                    case "apps/Deployment" -> WorkloadHealth.deployment(resource);
                    case "apps/StatefulSet" -> WorkloadHealth.statefulSet(resource);
                    case "apps/DaemonSet" -> WorkloadHealth.daemonSet(resource);
                    case "apps/ReplicaSet" -> WorkloadHealth.replicaSet(resource);
                    case "batch/Job" -> WorkloadHealth.job(resource);
                    case "/Pod" -> PodHealth.of(resource);
                    case "/Service" -> service(resource);
                    case "/PersistentVolumeClaim" -> claim(resource);
                    case "networking.k8s.io/Ingress" -> ingress(resource);
                    case "/ConfigMap", "/Secret", "/ServiceAccount", "/Namespace" -> Assessment.HEALTHY;
                    default -> Assessment.NONE;
                };
        return own.health() == null || own.health() == Health.HEALTHY ? own : withPodReason(own, pods);
    }

    private static Assessment withPodReason(Assessment own, List<Map<String, Object>> pods) {
        return pods.stream()
                .map(Fields::of)
                // A pod that goes away ends with an error often enough, and is not what is waited for.
                .filter(pod -> !pod.in("metadata").has("deletionTimestamp"))
                .flatMap(pod -> PodHealth.reason(pod).stream()
                        .map(reason -> "pod " + pod.in("metadata").text("name") + ": " + reason))
                .findFirst()
                .map(reason ->
                        new Assessment(own.health(), own.message() == null ? reason : own.message() + "; " + reason))
                .orElse(own);
    }

    private static Assessment service(Fields service) {
        if (!"LoadBalancer".equals(service.in("spec").text("type")) || hasAddress(service)) {
            return Assessment.HEALTHY;
        }
        return Assessment.progressing("waiting for the load balancer's address");
    }

    private static Assessment ingress(Fields ingress) {
        return hasAddress(ingress)
                ? Assessment.HEALTHY
                : Assessment.progressing("waiting for the ingress controller's address");
    }

    private static boolean hasAddress(Fields resource) {
        return !resource.in("status").in("loadBalancer").list("ingress").isEmpty();
    }

    private static Assessment claim(Fields claim) {
        String phase = String.valueOf(claim.in("status").text("phase"));
        return switch (phase) {
            case "Bound" -> Assessment.HEALTHY;
            case "Pending" -> Assessment.progressing("waiting for a volume");
            case "Lost" -> Assessment.degraded("the volume is lost");
            default -> new Assessment(Health.UNKNOWN, null);
        };
    }
}
