package io.jenkins.plugins.gitops.core.render.resource;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A manifest during the build of a kustomization. Its previous names are in annotations of the manifest, as in
 * kustomize: it affects the output whether a patch finds these annotations, or removes them.
 */
public final class Resource {
    static final String INTERNAL = "internal.config.kubernetes.io/";
    public static final String NEEDS_HASH = INTERNAL + "needsHashSuffix";
    private static final String PREVIOUS_NAMES = INTERNAL + "previousNames";
    private static final String PREVIOUS_NAMESPACES = INTERNAL + "previousNamespaces";
    private static final String PREVIOUS_KINDS = INTERNAL + "previousKinds";
    private static final String PREFIXES = INTERNAL + "prefixes";
    private static final String SUFFIXES = INTERNAL + "suffixes";
    private static final List<String> LEGACY_INTERNAL =
            List.of("config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id");
    private static final List<String> NEVER_KEPT =
            List.of("config.kubernetes.io/origin", "alpha.config.kubernetes.io/transformations");
    private static final String LOCAL_CONFIG = "config.kubernetes.io/local-config";
    private static final String ENABLED = "enabled";

    private YamlValue root;
    private final SourceLocation fallback;
    private String historyText = "";
    private List<ResourceId> history = List.of();

    /** @param at the location for errors in nodes without a location of their own */
    public Resource(YamlValue root, SourceLocation at) {
        this.root = root;
        this.fallback = at;
    }

    public YamlValue root() {
        return root;
    }

    public boolean isDeleted() {
        return YamlValue.isNilOrEmpty(root);
    }

    public void delete() {
        root = null;
    }

    public SourceLocation location() {
        return root == null ? fallback : root.location(fallback);
    }

    public String kind() {
        return root.textOf("kind");
    }

    public Gvk gvk() {
        return Gvk.of(root.textOf("apiVersion"), kind());
    }

    public String name() {
        return Metadata.text(root, "name");
    }

    public String namespace() {
        return Metadata.text(root, "namespace");
    }

    public ResourceId id() {
        Gvk gvk = gvk();
        return new ResourceId(gvk, name(), namespace(), StrategicMergeSchema.isClusterScoped(gvk));
    }

    /** The previous ids, the oldest first. */
    public List<ResourceId> previousIds() {
        YamlValue annotations = Metadata.section(root, "annotations");
        String names = annotations == null ? "" : annotations.textOf(PREVIOUS_NAMES);
        if (annotations == null || annotations.get(PREVIOUS_NAMES) == null) {
            return List.of();
        }
        String namespaces = annotations.textOf(PREVIOUS_NAMESPACES);
        String kinds = annotations.textOf(PREVIOUS_KINDS);
        String text = root.textOf("apiVersion") + " " + names + " " + namespaces + " " + kinds;
        if (!text.equals(historyText)) {
            history = previousIds(names.split(",", -1), namespaces.split(",", -1), kinds.split(",", -1));
            historyText = text;
        }
        return history;
    }

    private List<ResourceId> previousIds(String[] names, String[] namespaces, String[] kinds) {
        List<ResourceId> ids = new ArrayList<>(names.length);
        for (int i = 0; i < names.length; i++) {
            ids.add(new ResourceId(Gvk.of(root.textOf("apiVersion"), kinds[i]), names[i], namespaces[i], false));
        }
        return ids;
    }

    public ResourceId originalId() {
        List<ResourceId> previous = previousIds();
        return previous.isEmpty() ? id() : previous.get(0);
    }

    public void storePreviousId() {
        ResourceId id = id();
        append(PREVIOUS_NAMES, id.name());
        append(PREVIOUS_NAMESPACES, id.effectiveNamespace());
        append(PREVIOUS_KINDS, id.gvk().kind());
    }

    public void addNamePrefix(String prefix) {
        append(PREFIXES, prefix);
    }

    public void addNameSuffix(String suffix) {
        append(SUFFIXES, suffix);
    }

    public List<String> namePrefixes() {
        return split(PREFIXES);
    }

    public List<String> nameSuffixes() {
        return split(SUFFIXES);
    }

    private List<String> split(String annotation) {
        YamlValue annotations = Metadata.section(root, "annotations");
        YamlValue value = annotations == null ? null : annotations.get(annotation);
        return value == null ? List.of() : List.of(value.text().split(",", -1));
    }

    private void append(String annotation, String value) {
        if (value.isEmpty()) {
            return;
        }
        YamlValue annotations = Metadata.annotationsForUpdate(root);
        YamlValue old = annotations.get(annotation);
        annotations.set(annotation, YamlValue.string(old == null ? value : old.text() + "," + value));
    }

    public boolean needsHash() {
        return ENABLED.equals(Metadata.strings(root, "annotations").get(NEEDS_HASH));
    }

    public void requestHash() {
        Metadata.annotationsForUpdate(root).set(NEEDS_HASH, YamlValue.string(ENABLED));
    }

    public void setName(String name) {
        Metadata.set(root, "name", YamlValue.untagged(name));
    }

    /** The annotations that are only used during the build. */
    public Map<String, String> internalAnnotations() {
        Map<String, String> internal = new LinkedHashMap<>();
        Metadata.strings(root, "annotations").forEach((name, value) -> {
            if (name.startsWith(INTERNAL) || LEGACY_INTERNAL.contains(name)) {
                internal.put(name, value);
            }
        });
        return internal;
    }

    /** Whether it is marked as local configuration, which is not part of the output. */
    public boolean isLocal() {
        String local = Metadata.strings(root, "annotations").get(LOCAL_CONFIG);
        return local != null && !local.equals("false");
    }

    /** @throws UserErrorException if a patch has removed a mandatory field */
    public void checkIsManifest() throws UserErrorException {
        if (kind().isEmpty() || name().isEmpty()) {
            throw new UserErrorException(
                    location(), "a patch has removed the kind or the name of this resource", "Correct the patch");
        }
    }

    /** Removes the annotations that are only used during the build; the other annotations become strings. */
    public void removeInternalAnnotations() throws UserErrorException {
        YamlValue annotations = Metadata.section(root, "annotations");
        if (annotations != null) {
            for (Map.Entry<String, YamlValue> annotation : annotations.fields().entrySet()) {
                if (!annotation.getValue().isScalar()) {
                    throw new UserErrorException(
                            annotation.getValue().location(location()),
                            "the annotation " + annotation.getKey() + " must be a string",
                            "Write its value in quotes");
                }
            }
        }
        Map<String, String> kept = Metadata.strings(root, "annotations");
        kept.keySet()
                .removeIf(name ->
                        name.startsWith(INTERNAL) || LEGACY_INTERNAL.contains(name) || NEVER_KEPT.contains(name));
        Metadata.setStrings(root, "annotations", kept);
    }

    /** For messages. */
    @Override
    public String toString() {
        return root == null ? "a deleted resource" : id().toString();
    }
}
