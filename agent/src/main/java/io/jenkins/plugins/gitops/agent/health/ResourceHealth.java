package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;
import java.util.Map;

/** Health of one live resource. */
public final class ResourceHealth {
    /** An annotation of the live object, as in Argo CD: its health does not count for the application. */
    private static final String IGNORE = "argocd.argoproj.io/ignore-healthcheck";
    /** Some controllers write a whole log into a condition. */
    private static final int MAX_MESSAGE_LENGTH = 400;

    private ResourceHealth() {}

    /**
     * @param live the resource in the API server's format
     * @param pods the pods that belong to it, to find the reason of a failure; may be empty
     */
    public static HealthStatus of(Map<String, Object> live, List<Map<String, Object>> pods) {
        JsonFields resource = JsonFields.of(live);
        HealthStatus own = bounded(assess(resource));
        if ("true".equals(resource.in("metadata").in("annotations").text(IGNORE))) {
            return own.withoutCounts("health does not count (" + IGNORE + ")");
        }
        return own.health() == null || own.health() == Health.HEALTHY ? own : withPodReason(own, pods);
    }

    private static HealthStatus assess(JsonFields resource) {
        if (resource.in("metadata").has("deletionTimestamp")) {
            return HealthStatus.progressing(CoreHealth.deletion(resource));
        }
        String apiVersion = resource.textOrEmpty("apiVersion");
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        return HealthChecks.of(group, resource.textOrEmpty("kind")).apply(resource);
    }

    private static HealthStatus bounded(HealthStatus own) {
        return own.message() == null ? own : own.withMessage(TextSanitizer.middle(own.message(), MAX_MESSAGE_LENGTH));
    }

    private static HealthStatus withPodReason(HealthStatus own, List<Map<String, Object>> pods) {
        return pods.stream()
                .map(JsonFields::of)
                // A pod that is being deleted often ends with an error, which does not matter.
                .filter(pod -> !pod.in("metadata").has("deletionTimestamp"))
                .flatMap(pod -> PodHealth.reason(pod).stream()
                        .map(reason -> "pod " + pod.in("metadata").text("name") + ": " + reason))
                .findFirst()
                .map(reason -> own.withMessage(own.message() == null ? reason : own.message() + "; " + reason))
                .orElse(own);
    }
}
