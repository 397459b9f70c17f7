package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The metadata of a manifest, read and written as kustomize does it: leniently, and by text. */
final class Metadata {
    private static final String METADATA = "metadata";

    private Metadata() {}

    @CheckForNull
    private static Node metadata(@CheckForNull Node root) {
        Node metadata = root == null ? null : root.get(METADATA);
        return Node.isNilOrEmpty(metadata) ? null : metadata;
    }

    /** The labels or annotations node as it is; null when there is none. */
    @CheckForNull
    static Node section(@CheckForNull Node root, String section) {
        Node metadata = metadata(root);
        return metadata == null ? null : metadata.get(section);
    }

    static String text(Node root, String field) {
        Node value = section(root, field);
        return Node.isNilOrEmpty(value) ? "" : value.text();
    }

    /** The texts of a section: a null that is written out counts as its text, a map as the empty string. */
    static Map<String, String> strings(Node root, String section) {
        Map<String, String> strings = new LinkedHashMap<>();
        Node node = section(root, section);
        if (node != null) {
            node.fields().forEach((name, value) -> strings.put(name, value.text()));
        }
        return strings;
    }

    /** Writes the whole section anew, all strings; an empty one is removed. */
    static void setStrings(Node root, String section, Map<String, String> strings) {
        Node metadata = metadataForUpdate(root);
        metadata.remove(section);
        if (!strings.isEmpty()) {
            Node map = Node.map();
            new TreeMap<>(strings).forEach((name, value) -> map.fields().put(name, Node.string(value)));
            metadata.fields().put(section, map);
        }
    }

    static void set(Node root, String field, Node value) {
        metadataForUpdate(root).set(field, value);
    }

    /** An empty namespace removes the field. */
    static void setNamespace(Node root, String namespace) {
        if (!namespace.isEmpty()) {
            set(root, "namespace", Node.untagged(namespace));
        } else if (root.get(METADATA) != null) {
            root.get(METADATA).remove("namespace");
        }
    }

    /** The annotations to add one to; null and empty ones make room for new ones. */
    static Node annotationsForUpdate(Node root) {
        Node metadata = metadataForUpdate(root);
        Node annotations = metadata.get("annotations");
        if (annotations == null || annotations.fields().isEmpty()) {
            annotations = Node.map();
            metadata.fields().put("annotations", annotations);
        }
        return annotations;
    }

    private static Node metadataForUpdate(Node root) {
        Node metadata = root.get(METADATA);
        if (metadata == null || !metadata.isMap()) {
            metadata = Node.map();
            root.fields().put(METADATA, metadata);
        }
        return metadata;
    }
}
