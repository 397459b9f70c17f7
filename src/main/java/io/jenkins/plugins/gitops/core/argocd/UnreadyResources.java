package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The resources of an Application that are not Synced and Healthy, with the reason, which is in one of three places.
 */
final class UnreadyResources {
    private static final String PRUNING = "requires pruning";

    private final JsonNode status;
    /** By {@link #key}. */
    private final Map<String, JsonNode> nodes = new HashMap<>();

    private final Map<String, JsonNode> synced = new HashMap<>();
    /** The resources that the last sync could not apply. */
    private final Set<ResourceStatus> failures = new HashSet<>();

    /** @param tree the resource tree; a missing node if it was not requested */
    UnreadyResources(JsonNode status, JsonNode tree) {
        this.status = status;
        JsonNodes.at(tree, "nodes").forEach(node -> nodes.put(key(node), node));
        JsonNodes.at(status, "operationState", "syncResult", "resources").forEach(node -> synced.put(key(node), node));
    }

    private static String key(JsonNode node) {
        return String.join(
                "\n",
                JsonNodes.text(node, "group"),
                JsonNodes.text(node, "kind"),
                JsonNodes.text(node, "namespace"),
                JsonNodes.text(node, "name"));
    }

    /** The worst resources first, at most {@link ApplicationStatus#MAX_RESOURCES}. */
    List<ResourceStatus> unready() {
        List<ResourceStatus> found = new ArrayList<>();
        JsonNodes.at(status, "resources").forEach(node -> {
            ResourceStatus resourceStatus = resource(node);
            if (resourceStatus != null) {
                found.add(resourceStatus);
            }
            // The remaining nodes are not in the manifests, such as pods.
            nodes.remove(key(node));
        });
        found.addAll(degradedOf(nodes.values()));
        found.addAll(failedHooks());
        boolean errors = found.stream()
                .anyMatch(r -> !r.requiresPruning() && (rank(r) >= Health.DEGRADED.ordinal() || failures.contains(r)));
        if (errors) {
            // Pruning waits for the other resources, so it is not the reason of the failure.
            found.removeIf(ResourceStatus::requiresPruning);
        }
        return worst(found);
    }

    /** Nodes such as pods that are Degraded and have a message. */
    private static List<ResourceStatus> degradedOf(Collection<JsonNode> nodes) {
        return nodes.stream()
                .filter(node -> health(node) == Health.DEGRADED && message(node) != null)
                .map(node -> of(node, SyncState.SYNCED, Health.DEGRADED, message(node)))
                .toList();
    }

    /**
     * All nodes of a resource tree that are Degraded and have a message, whether or not the Application manages them
     * itself.
     */
    static List<ResourceStatus> degradedIn(JsonNode tree) {
        List<JsonNode> nodes = new ArrayList<>();
        JsonNodes.at(tree, "nodes").forEach(nodes::add);
        return worst(new ArrayList<>(degradedOf(nodes)));
    }

    /** The worst resources first, at most {@link ApplicationStatus#MAX_RESOURCES}. */
    static List<ResourceStatus> worst(List<ResourceStatus> resources) {
        resources.sort(Comparator.<ResourceStatus>comparingInt(r -> -rank(r)).thenComparing(ResourceStatus::label));
        return List.copyOf(resources.subList(0, Math.min(ApplicationStatus.MAX_RESOURCES, resources.size())));
    }

    /** Failed hooks of the last operation, which the health of the Application does not cover. */
    private List<ResourceStatus> failedHooks() {
        return synced.values().stream()
                .filter(node -> !JsonNodes.text(node, "hookType").isEmpty() && hasFailed(node))
                .map(node -> of(
                        node,
                        SyncState.SYNCED,
                        Health.DEGRADED,
                        JsonNodes.line(
                                JsonNodes.text(node, "hookType") + " hook failed: " + JsonNodes.text(node, "message"))))
                .toList();
    }

    private static boolean hasFailed(JsonNode result) {
        return JsonNodes.text(result, "status").equals("SyncFailed")
                || List.of("Failed", "Error").contains(JsonNodes.text(result, "hookPhase"));
    }

    private static int rank(ResourceStatus resourceStatus) {
        return resourceStatus.health() == null
                ? 0
                : Health.of(resourceStatus.health()).ordinal();
    }

    @CheckForNull
    private ResourceStatus resource(JsonNode node) {
        if (node.path("hook").asBoolean()) {
            return null;
        }
        JsonNode inTree = nodes.get(key(node));
        Health health = health(node);
        if (inTree != null && (health == null || message(inTree) != null)) {
            health = Objects.requireNonNullElse(health(inTree), Objects.requireNonNullElse(health, Health.HEALTHY));
        }
        SyncState sync = SyncState.of(JsonNodes.text(node, "status"));
        if (sync == SyncState.SYNCED && (health == null || health == Health.HEALTHY)) {
            return null;
        }
        ResourceStatus resourceStatus = of(node, sync, health, reason(node, inTree));
        JsonNode result = synced.get(key(node));
        if (result != null && hasFailed(result)) {
            failures.add(resourceStatus);
        }
        return resourceStatus;
    }

    @CheckForNull
    private String reason(JsonNode node, @CheckForNull JsonNode inTree) {
        if (node.path("requiresPruning").asBoolean()) {
            return PRUNING;
        }
        JsonNode result = synced.get(key(node));
        if (result != null && "SyncFailed".equals(JsonNodes.text(result, "status"))) {
            return JsonNodes.line(JsonNodes.text(result, "message"));
        }
        String told = inTree == null ? null : message(inTree);
        return told == null ? message(node) : told;
    }

    private static ResourceStatus of(
            JsonNode node, SyncState sync, @CheckForNull Health health, @CheckForNull String text) {
        String namespace = JsonNodes.text(node, "namespace");
        return new ResourceStatus(
                JsonNodes.text(node, "kind"),
                namespace.isEmpty() ? null : namespace,
                JsonNodes.text(node, "name"),
                sync.wireName(),
                health == null ? null : health.wireName(),
                text,
                node.path("requiresPruning").asBoolean());
    }

    @CheckForNull
    private static Health health(JsonNode node) {
        String word = JsonNodes.text(node, "health", "status");
        return word.isEmpty() ? null : Health.of(word);
    }

    @CheckForNull
    private static String message(JsonNode node) {
        return JsonNodes.line(JsonNodes.text(node, "health", "message"));
    }
}
