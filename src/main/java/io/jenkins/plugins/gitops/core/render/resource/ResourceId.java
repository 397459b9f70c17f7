package io.jenkins.plugins.gitops.core.render.resource;

/**
 * Identifies a resource.
 *
 * @param namespace as in the manifest, empty for none; of a previous id always the effective one
 * @param clusterScoped whether the kind is known to be cluster-scoped
 */
public record ResourceId(Gvk gvk, String name, String namespace, boolean clusterScoped) {
    private static final String NO_NAMESPACE = "_non_namespaceable_";
    private static final String DEFAULT_NAMESPACE = "default";

    /** Two resources with the same key are the same resource. */
    record ResourceKey(Gvk gvk, String name, String namespace) {}

    ResourceKey key() {
        return new ResourceKey(gvk, name, effectiveNamespace());
    }

    public String effectiveNamespace() {
        if (clusterScoped) {
            return NO_NAMESPACE;
        }
        return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
    }

    public boolean sameNamespace(ResourceId other) {
        return effectiveNamespace().equals(other.effectiveNamespace());
    }

    /** For messages: {@code apps/v1 Deployment shop/web}. */
    @Override
    public String toString() {
        return gvk.apiVersion() + " " + gvk.kind() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
