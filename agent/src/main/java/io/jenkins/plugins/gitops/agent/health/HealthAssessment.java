package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.CleanText;
import io.jenkins.plugins.gitops.core.model.Health;
import java.util.List;
import java.util.Map;

/** Health of one live resource. */
public final class HealthAssessment {
    /** On the live object, as in Argo CD: its health does not count for the application. */
    private static final String IGNORE = "argocd.argoproj.io/ignore-healthcheck";
    /** A controller may put a whole log into a condition. */
    private static final int LONGEST_MESSAGE = 400;

    private HealthAssessment() {}

    /**
     * @param live the resource as the API server gives it
     * @param pods the pods that belong to it, for the reason of what is wrong; may be empty
     */
    public static Assessment of(Map<String, Object> live, List<Map<String, Object>> pods) {
        Fields resource = Fields.of(live);
        Assessment own = bounded(assess(resource));
        if ("true".equals(resource.in("metadata").in("annotations").text(IGNORE))) {
            return own.uncounted("health does not count (" + IGNORE + ")");
        }
        return own.health() == null || own.health() == Health.HEALTHY ? own : withPodReason(own, pods);
    }

    private static Assessment assess(Fields resource) {
        if (resource.in("metadata").has("deletionTimestamp")) {
            return Assessment.progressing(CoreHealth.deletion(resource));
        }
        String apiVersion = resource.textOrEmpty("apiVersion");
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        return HealthChecks.of(group, resource.textOrEmpty("kind")).apply(resource);
    }

    private static Assessment bounded(Assessment own) {
        return own.message() == null ? own : own.saying(CleanText.middle(own.message(), LONGEST_MESSAGE));
    }

    private static Assessment withPodReason(Assessment own, List<Map<String, Object>> pods) {
        return pods.stream()
                .map(Fields::of)
                // A pod that goes away ends with an error often enough, and is not what is waited for.
                .filter(pod -> !pod.in("metadata").has("deletionTimestamp"))
                .flatMap(pod -> PodHealth.reason(pod).stream()
                        .map(reason -> "pod " + pod.in("metadata").text("name") + ": " + reason))
                .findFirst()
                .map(reason -> own.saying(own.message() == null ? reason : own.message() + "; " + reason))
                .orElse(own);
    }
}
