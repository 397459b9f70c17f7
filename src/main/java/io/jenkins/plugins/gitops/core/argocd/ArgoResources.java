package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The resources of an Application that are not done, with the reason, which stands in one of three places. */
final class ArgoResources {
    private static final String PRUNING = "requires pruning";

    private final JsonNode status;
    /** By {@link #key}. */
    private final Map<String, JsonNode> nodes = new HashMap<>();

    private final Map<String, JsonNode> synced = new HashMap<>();
    /** Those that the last sync could not apply. */
    private final Set<Resource> failures = new HashSet<>();

    /** @param tree the resource tree; a missing node when it was not asked for */
    ArgoResources(JsonNode status, JsonNode tree) {
        this.status = status;
        Nodes.at(tree, "nodes").forEach(node -> nodes.put(key(node), node));
        Nodes.at(status, "operationState", "syncResult", "resources").forEach(node -> synced.put(key(node), node));
    }

    private static String key(JsonNode node) {
        return String.join(
                "\n",
                Nodes.text(node, "group"),
                Nodes.text(node, "kind"),
                Nodes.text(node, "namespace"),
                Nodes.text(node, "name"));
    }

    /** The worst first, at most {@link ApplicationStatus#MAX_RESOURCES}. */
    List<Resource> unready() {
        List<Resource> found = new ArrayList<>();
        Nodes.at(status, "resources").forEach(node -> {
            Resource resource = resource(node);
            if (resource != null) {
                found.add(resource);
            }
            // What is left is what the manifests do not name: pods and the like.
            nodes.remove(key(node));
        });
        found.addAll(degradedOf(nodes.values()));
        found.addAll(failedHooks());
        boolean errors = found.stream()
                .anyMatch(r -> !r.extra() && (rank(r) >= Health.DEGRADED.ordinal() || failures.contains(r)));
        if (errors) {
            // What is left to prune waits for the rest and is not why it failed.
            found.removeIf(Resource::extra);
        }
        return worst(found);
    }

    /** Pods and the like that are Degraded and say why. */
    private static List<Resource> degradedOf(Collection<JsonNode> nodes) {
        return nodes.stream()
                .filter(node -> health(node) == Health.DEGRADED && message(node) != null)
                .map(node -> of(node, SyncState.SYNCED, Health.DEGRADED, message(node)))
                .toList();
    }

    /** Those of a resource tree that are Degraded and say why, managed by the Application itself or not. */
    static List<Resource> degradedIn(JsonNode tree) {
        List<JsonNode> nodes = new ArrayList<>();
        Nodes.at(tree, "nodes").forEach(nodes::add);
        return worst(new ArrayList<>(degradedOf(nodes)));
    }

    /** The worst first, at most {@link ApplicationStatus#MAX_RESOURCES}. */
    static List<Resource> worst(List<Resource> resources) {
        resources.sort(Comparator.<Resource>comparingInt(r -> -rank(r)).thenComparing(Resource::label));
        return List.copyOf(resources.subList(0, Math.min(ApplicationStatus.MAX_RESOURCES, resources.size())));
    }

    /** Hooks of the last operation. The health of the Application leaves them out. */
    private List<Resource> failedHooks() {
        return synced.values().stream()
                .filter(node -> !Nodes.text(node, "hookType").isEmpty() && hasFailed(node))
                .map(node -> of(
                        node,
                        SyncState.SYNCED,
                        Health.DEGRADED,
                        Nodes.line(Nodes.text(node, "hookType") + " hook failed: " + Nodes.text(node, "message"))))
                .toList();
    }

    private static boolean hasFailed(JsonNode result) {
        return Nodes.text(result, "status").equals("SyncFailed")
                || List.of("Failed", "Error").contains(Nodes.text(result, "hookPhase"));
    }

    private static int rank(Resource resource) {
        return resource.health() == null ? 0 : Health.of(resource.health()).ordinal();
    }

    @CheckForNull
    private Resource resource(JsonNode node) {
        if (node.path("hook").asBoolean()) {
            return null;
        }
        JsonNode inTree = nodes.get(key(node));
        Health health = health(node);
        if (inTree != null && (health == null || message(inTree) != null)) {
            health = Objects.requireNonNullElse(health(inTree), Objects.requireNonNullElse(health, Health.HEALTHY));
        }
        SyncState sync = SyncState.of(Nodes.text(node, "status"));
        if (sync == SyncState.SYNCED && (health == null || health == Health.HEALTHY)) {
            return null;
        }
        Resource resource = of(node, sync, health, reason(node, inTree));
        JsonNode result = synced.get(key(node));
        if (result != null && hasFailed(result)) {
            failures.add(resource);
        }
        return resource;
    }

    @CheckForNull
    private String reason(JsonNode node, @CheckForNull JsonNode inTree) {
        if (node.path("requiresPruning").asBoolean()) {
            return PRUNING;
        }
        JsonNode result = synced.get(key(node));
        if (result != null && "SyncFailed".equals(Nodes.text(result, "status"))) {
            return Nodes.line(Nodes.text(result, "message"));
        }
        String told = inTree == null ? null : message(inTree);
        return told == null ? message(node) : told;
    }

    private static Resource of(JsonNode node, SyncState sync, @CheckForNull Health health, @CheckForNull String text) {
        String namespace = Nodes.text(node, "namespace");
        return new Resource(
                Nodes.text(node, "kind"),
                namespace.isEmpty() ? null : namespace,
                Nodes.text(node, "name"),
                sync.word(),
                health == null ? null : health.word(),
                text,
                node.path("requiresPruning").asBoolean());
    }

    @CheckForNull
    private static Health health(JsonNode node) {
        String word = Nodes.text(node, "health", "status");
        return word.isEmpty() ? null : Health.of(word);
    }

    @CheckForNull
    private static String message(JsonNode node) {
        return Nodes.line(Nodes.text(node, "health", "message"));
    }
}
