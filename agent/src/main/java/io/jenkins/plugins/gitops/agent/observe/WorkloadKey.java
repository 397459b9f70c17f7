package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Arrays;
import java.util.Map;

/**
 * Identifies one object that Flux or Argo CD applied, regardless of its API version.
 *
 * @param group empty for the core group
 * @param namespace empty for cluster-scoped kinds
 */
public record WorkloadKey(String group, String kind, String namespace, String name) {
    /** The key of an object in the API server's format. */
    public static WorkloadKey of(Map<String, Object> object) {
        String version = JsonTree.textOr("", object, "apiVersion");
        return new WorkloadKey(
                version.contains("/") ? version.substring(0, version.indexOf('/')) : "",
                JsonTree.textOr("", object, "kind"),
                JsonTree.textOr("", object, "metadata", "namespace"),
                JsonTree.textOr("", object, "metadata", "name"));
    }

    /** The key of an object of the agent. */
    static WorkloadKey of(ObjectId id) {
        String namespace = id.namespace() == null ? "" : id.namespace();
        return new WorkloadKey(id.kind().group(), id.kind().kind(), namespace, id.name());
    }

    /** The key of an entry of Flux's inventory, {@code NAMESPACE_NAME_GROUP_KIND}; null for a text of another form. */
    @CheckForNull
    static WorkloadKey ofInventory(@CheckForNull String id) {
        String[] parts = id == null ? new String[0] : id.split("_", -1);
        // Names of RBAC objects may contain a colon, which the inventory encodes as two underscores.
        int last = parts.length - 1;
        if (last < 3) {
            return null;
        }
        String name = String.join("_", Arrays.copyOfRange(parts, 1, last - 1));
        return new WorkloadKey(parts[last - 1], parts[last], parts[0], name.replace("__", ":"));
    }

    /** {@code apps/Deployment}, {@code Pod}: in the format of {@code ResourceKind.groupKind}. */
    public String groupKind() {
        return group.isEmpty() ? kind : group + "/" + kind;
    }

    boolean isHelmRelease() {
        return group.equals("helm.toolkit.fluxcd.io") && kind.equals("HelmRelease");
    }

    /** {@code Deployment shop/web}. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
