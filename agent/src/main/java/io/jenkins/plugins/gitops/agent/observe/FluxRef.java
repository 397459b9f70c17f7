package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;

/**
 * Names one object of Flux. Versions of one kind are the same.
 *
 * @param kind {@code Kustomization}, {@code GitRepository}, ...
 */
public record FluxRef(String kind, String namespace, String name) {
    /** The name of an object as the API server gives it. */
    public static FluxRef of(Map<String, Object> object) {
        return new FluxRef(
                JsonTree.textOr("", object, "kind"),
                JsonTree.textOr("", object, "metadata", "namespace"),
                JsonTree.textOr("", object, "metadata", "name"));
    }

    /** {@code Kustomization/flux-system/web}, as events and gitops.yaml name it. */
    public String object() {
        return kind + "/" + namespace + "/" + name;
    }

    /** {@code Kustomization flux-system/web}. */
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
