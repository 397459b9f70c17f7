package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;

/**
 * Identifies one Flux object, regardless of its API version.
 *
 * @param kind {@code Kustomization}, {@code GitRepository}, ...
 */
public record FluxRef(String kind, String namespace, String name) {
    /** The reference of an object in the API server's format. */
    public static FluxRef of(Map<String, Object> object) {
        return new FluxRef(
                JsonTree.textOr("", object, "kind"),
                JsonTree.textOr("", object, "metadata", "namespace"),
                JsonTree.textOr("", object, "metadata", "name"));
    }

    /** {@code Kustomization/flux-system/web}, as in events and gitops.yaml. */
    public String object() {
        return kind + "/" + namespace + "/" + name;
    }

    /** {@code Kustomization flux-system/web}. */
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
