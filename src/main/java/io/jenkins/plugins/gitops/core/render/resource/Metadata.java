package io.jenkins.plugins.gitops.core.render.resource;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes the metadata of a manifest as kustomize does: leniently, and as text. */
public final class Metadata {
    private static final String METADATA = "metadata";

    private Metadata() {}

    @CheckForNull
    private static YamlValue metadata(@CheckForNull YamlValue root) {
        YamlValue metadata = root == null ? null : root.get(METADATA);
        return YamlValue.isNilOrEmpty(metadata) ? null : metadata;
    }

    /** The labels or annotations node itself; null if there is none. */
    @CheckForNull
    public static YamlValue section(@CheckForNull YamlValue root, String section) {
        YamlValue metadata = metadata(root);
        return metadata == null ? null : metadata.get(section);
    }

    public static String text(YamlValue root, String field) {
        YamlValue value = section(root, field);
        return YamlValue.isNilOrEmpty(value) ? "" : value.text();
    }

    /** The texts of a section: an explicit null counts as its text, a map as the empty string. */
    public static Map<String, String> strings(YamlValue root, String section) {
        Map<String, String> strings = new LinkedHashMap<>();
        YamlValue yamlValue = section(root, section);
        if (yamlValue != null) {
            yamlValue.fields().forEach((name, value) -> strings.put(name, value.text()));
        }
        return strings;
    }

    /** Replaces the whole section by strings; an empty one is removed. */
    public static void setStrings(YamlValue root, String section, Map<String, String> strings) {
        YamlValue metadata = metadataForUpdate(root);
        metadata.remove(section);
        if (!strings.isEmpty()) {
            YamlValue map = YamlValue.map();
            new TreeMap<>(strings).forEach((name, value) -> map.fields().put(name, YamlValue.string(value)));
            metadata.fields().put(section, map);
        }
    }

    public static void set(YamlValue root, String field, YamlValue value) {
        metadataForUpdate(root).set(field, value);
    }

    /** Sets the namespace; an empty one removes the field. */
    public static void setNamespace(YamlValue root, String namespace) {
        if (!namespace.isEmpty()) {
            set(root, "namespace", YamlValue.untagged(namespace));
        } else if (root.get(METADATA) != null) {
            root.get(METADATA).remove("namespace");
        }
    }

    /** The annotations node for adding one; replaces a null or empty node. */
    static YamlValue annotationsForUpdate(YamlValue root) {
        YamlValue metadata = metadataForUpdate(root);
        YamlValue annotations = metadata.get("annotations");
        if (annotations == null || annotations.fields().isEmpty()) {
            annotations = YamlValue.map();
            metadata.fields().put("annotations", annotations);
        }
        return annotations;
    }

    private static YamlValue metadataForUpdate(YamlValue root) {
        YamlValue metadata = root.get(METADATA);
        if (metadata == null || !metadata.isMap()) {
            metadata = YamlValue.map();
            root.fields().put(METADATA, metadata);
        }
        return metadata;
    }
}
