package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.List;
import java.util.Map;

/**
 * One manifest in Git, before its kind and namespace are resolved.
 *
 * @param manifest normalized by {@link ManifestNormalizer}; never modified
 * @param hash of the manifest
 * @param ignored pointers to fields that the cluster controls
 * @param options of this resource, completed with those of its application
 */
public record DesiredObject(
        String apiVersion,
        String kindName,
        String name,
        Map<String, Object> manifest,
        String hash,
        List<String> ignored,
        ResourceOptions options) {

    /** Reads a rendered manifest. */
    static DesiredObject of(Map<String, Object> manifest, ApplicationSpec spec) {
        String apiVersion = JsonTree.textOr("", manifest, "apiVersion");
        String kind = JsonTree.textOr("", manifest, "kind");
        String name = JsonTree.textOr("", manifest, "metadata", "name");
        String namespace = JsonTree.textOr(spec.namespace(), manifest, "metadata", "namespace");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        List<String> ignored = spec.ignoreDifferences().stream()
                .filter(rule -> rule.matches(group, kind, namespace, name))
                .flatMap(rule -> rule.jsonPointers().stream())
                .distinct()
                .toList();
        String annotation = JsonTree.text(manifest, "metadata", "annotations", ResourceOptions.ANNOTATION);
        return new DesiredObject(
                apiVersion,
                kind,
                name,
                manifest,
                LiveObject.hash(JsonTree.canonical(manifest)),
                ignored,
                ResourceOptions.parse(annotation).orElse(spec.resourceOptions()));
    }

    /** The id of the object, after its kind was resolved. */
    ObjectId id(ResourceKind kind, String defaultNamespace) {
        String namespace = JsonTree.textOr(defaultNamespace, manifest, "metadata", "namespace");
        return new ObjectId(kind, kind.namespaced() ? namespace : null, name);
    }

    /** Group of its kind; empty for the core group. */
    String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** Whether this is the manifest of an object, possibly in another version of its kind. */
    boolean names(ObjectId id, String defaultNamespace) {
        boolean sameKind =
                group().equals(id.kind().group()) && kindName.equals(id.kind().kind());
        return sameKind
                && name.equals(id.name())
                && (id.namespace() == null
                        || id.namespace().equals(JsonTree.textOr(defaultNamespace, manifest, "metadata", "namespace")));
    }

    /** Returns a copy of the manifest to apply, with its namespace and tracking annotations. */
    Map<String, Object> tracked(ObjectId id, String application, Installation installation) {
        Map<String, Object> tracked = JsonTree.copy(manifest);
        Map<String, Object> metadata = JsonTree.child(tracked, "metadata");
        if (id.namespace() == null) {
            metadata.remove("namespace");
        } else {
            metadata.put("namespace", id.namespace());
        }
        List.of("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation")
                .forEach(metadata::remove);
        tracked.remove("status");
        JobCompletion.mark(tracked);
        TrackingAnnotation.write(tracked, application, installation, id);
        return tracked;
    }

    @Override
    public String toString() {
        return kindName + " " + name;
    }
}
