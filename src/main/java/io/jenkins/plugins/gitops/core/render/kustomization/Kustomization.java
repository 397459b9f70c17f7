package io.jenkins.plugins.gitops.core.render.kustomization;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpec;
import io.jenkins.plugins.gitops.core.render.resource.TargetSelector;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.List;
import java.util.Map;

/**
 * A kustomization or component, as in its file.
 *
 * @param folder the folder that its paths are relative to; empty for the tree's root
 * @param prefix the name prefix, empty for none; likewise suffix and namespace
 * @param generators ConfigMaps first, then Secrets
 * @param strategicMerges the deprecated {@code patchesStrategicMerge}; their texts or paths
 * @param jsonPatches the deprecated {@code patchesJson6902}
 * @param sort null for the default
 */
public record Kustomization(
        SourceLocation at,
        String folder,
        boolean component,
        List<ListItem> resources,
        List<ListItem> components,
        StringField namespace,
        StringField prefix,
        StringField suffix,
        List<Labels> labels,
        @CheckForNull Labels annotations,
        List<Generator> generators,
        List<ListItem> strategicMerges,
        List<PatchEntry> patches,
        List<PatchEntry> jsonPatches,
        List<ImageTransform> images,
        List<Replica> replicas,
        @CheckForNull SortOptions sort,
        List<String> warnings) {

    /** One string of a list. */
    public record ListItem(SourceLocation at, String text) {}

    /** One string; empty if not set. */
    public record StringField(SourceLocation at, String text) {}

    /** Labels (or annotations) and the fields to set them in. */
    public record Labels(SourceLocation at, Map<String, String> pairs, List<FieldSpec> fields) {}

    /**
     * @param inline the patch itself; null if it is in a file
     * @param path the file; empty if inline
     * @param target null for the resource that the patch names
     */
    public record PatchEntry(
            SourceLocation at,
            @CheckForNull YamlValue inline,
            String path,
            @CheckForNull TargetSelector target,
            boolean allowNameChange,
            boolean allowKindChange) {}

    /** The parts of an image to replace; an empty part is not replaced. */
    public record ImageTransform(
            SourceLocation at, String name, String newName, String newTag, String digest, String tagSuffix) {}

    public record Replica(SourceLocation at, String name, long count) {}

    /** Options for generated ConfigMaps and Secrets. */
    public record GeneratorOptions(
            Map<String, String> labels, Map<String, String> annotations, boolean disableHash, boolean immutable) {}

    /** What a generated ConfigMap or Secret does with an existing one. */
    public enum Behavior {
        CREATE,
        MERGE,
        REPLACE
    }

    /** @param type the type of a Secret */
    public record Generator(
            SourceLocation at,
            String kind,
            String name,
            String namespace,
            Behavior behavior,
            String type,
            List<ListItem> literals,
            List<ListItem> files,
            List<ListItem> envs,
            GeneratorOptions options) {}

    /**
     * @param legacy whether the output is sorted by kind at all
     * @param first the kinds that come first, in order; likewise last
     */
    public record SortOptions(boolean legacy, List<String> first, List<String> last) {}
}
