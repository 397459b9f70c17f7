package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;

/**
 * Identifies one object.
 *
 * @param namespace null for cluster-scoped kinds
 */
public record ObjectId(ResourceKind kind, @CheckForNull String namespace, String name) {

    /** The identity of an object regardless of its API version. */
    public record Key(String groupKind, @CheckForNull String namespace, String name) {}

    static ObjectId of(ResourceKind kind, Map<String, Object> object) {
        return new ObjectId(
                kind,
                kind.namespaced() ? JsonTree.text(object, "metadata", "namespace") : null,
                JsonTree.textOr("", object, "metadata", "name"));
    }

    public Key key() {
        return new Key(kind.groupKind(), namespace, name);
    }

    /** Path of the object in the API. */
    String path() {
        return kind.path(namespace, name);
    }

    /** The value of the tracking annotation: {@code app:group/kind:namespace/name}. */
    String trackingId(String application) {
        return application + ":" + kind.group() + "/" + kind.kind() + ":" + (namespace == null ? "" : namespace) + "/"
                + name;
    }

    /** {@code Deployment payments-api}. */
    @Override
    public String toString() {
        return kind.kind() + " " + name;
    }
}
