package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A resource of an Application that may have a pod template.
 *
 * @param group API group; empty for the core group
 * @param namespace empty if it has none
 */
public record ManagedWorkload(String group, String version, String kind, String namespace, String name) {
    /** The maximum number of workloads to request. */
    static final int MAX = 3;

    private static final List<String> PLAIN_GROUPS = List.of("", "apps", "batch", "autoscaling", "policy");

    /** The workloads that the Application manages itself, known kinds first, at most {@link #MAX}. */
    static List<ManagedWorkload> of(JsonNode status) {
        List<ManagedWorkload> found = new ArrayList<>();
        for (JsonNode resource : JsonNodes.at(status, "resources")) {
            if (isCandidate(resource)) {
                found.add(new ManagedWorkload(
                        JsonNodes.text(resource, "group"),
                        JsonNodes.text(resource, "version"),
                        JsonNodes.text(resource, "kind"),
                        JsonNodes.text(resource, "namespace"),
                        JsonNodes.text(resource, "name")));
            }
        }
        found.sort(Comparator.comparing(w -> !Workload.isKnownKind(w.group(), w.kind())));
        return List.copyOf(found.subList(0, Math.min(MAX, found.size())));
    }

    /** Whether it is of a known kind, or of a custom kind, which may have a template too. */
    static boolean isCandidate(JsonNode resource) {
        String group = JsonNodes.text(resource, "group");
        if (resource.path("hook").asBoolean()) {
            return false;
        }
        return Workload.isKnownKind(group, JsonNodes.text(resource, "kind"))
                || !PLAIN_GROUPS.contains(group) && !group.endsWith(".k8s.io") && !group.equals("argoproj.io");
    }
}
