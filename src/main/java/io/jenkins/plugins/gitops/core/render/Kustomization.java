package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.List;
import java.util.Map;

/**
 * A kustomization or component as its file says it.
 *
 * @param folder where the paths of the file begin; empty for the tree's root
 * @param prefix the name prefix, empty for none; likewise suffix and namespace
 * @param generators config maps first, then secrets
 * @param strategicMerges the old {@code patchesStrategicMerge}; their texts or paths
 * @param jsonPatches the old {@code patchesJson6902}
 * @param sort null for the default
 */
record Kustomization(
        SourceLocation at,
        String folder,
        boolean component,
        List<Entry> resources,
        List<Entry> components,
        Setting namespace,
        Setting prefix,
        Setting suffix,
        List<Labels> labels,
        @CheckForNull Labels annotations,
        List<Generator> generators,
        List<Entry> strategicMerges,
        List<Patch> patches,
        List<Patch> jsonPatches,
        List<Image> images,
        List<Replica> replicas,
        @CheckForNull Sorting sort,
        List<String> warnings) {

    /** One string of a list. */
    record Entry(SourceLocation at, String text) {}

    /** One string; empty when not set. */
    record Setting(SourceLocation at, String text) {}

    /** Labels (or annotations) and where they go. */
    record Labels(SourceLocation at, Map<String, String> pairs, List<FieldSpec> fields) {}

    /**
     * @param inline the patch itself; null when it is a file's
     * @param path the file; empty when inline
     * @param target null for the resource that the patch names
     */
    record Patch(
            SourceLocation at,
            @CheckForNull Node inline,
            String path,
            @CheckForNull TargetSelector target,
            boolean allowNameChange,
            boolean allowKindChange) {}

    /** The parts of an image to replace; an empty one is kept. */
    record Image(SourceLocation at, String name, String newName, String newTag, String digest, String tagSuffix) {}

    record Replica(SourceLocation at, String name, long count) {}

    /** How generated config maps and secrets look. */
    record Options(
            Map<String, String> labels, Map<String, String> annotations, boolean disableHash, boolean immutable) {}

    /** What a generated config map or secret does with one that is there. */
    enum Behavior {
        CREATE,
        MERGE,
        REPLACE
    }

    /**
     * @param type of a secret
     */
    record Generator(
            SourceLocation at,
            String kind,
            String name,
            String namespace,
            Behavior behavior,
            String type,
            List<Entry> literals,
            List<Entry> files,
            List<Entry> envs,
            Options options) {}

    /**
     * @param legacy whether the output is sorted by kind at all
     * @param first the kinds that come first, in order; likewise last
     */
    record Sorting(boolean legacy, List<String> first, List<String> last) {}
}
