package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Kustomization.Entry;
import io.jenkins.plugins.gitops.core.render.Kustomization.Patch;
import io.jenkins.plugins.gitops.core.render.NodeParser.Dialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Applies the patches of a kustomization. */
final class PatchTransformer {
    private final Sources sources;
    private final Kustomization kustomization;
    private final RenderBudget budget;

    PatchTransformer(Sources sources, Kustomization kustomization, RenderBudget budget) {
        this.sources = sources;
        this.kustomization = kustomization;
        this.budget = budget;
    }

    /** {@code patchesStrategicMerge} and {@code patches}. */
    void applyAll(ResourceList resources) throws RefusedException, IOException {
        List<Node> old = new ArrayList<>();
        for (Entry entry : kustomization.strategicMerges()) {
            old.addAll(strategicMerge(entry));
        }
        for (Node patch : old) {
            SourceLocation at = patch.location(kustomization.at());
            budget.checkTime(at);
            ResId id = new Resource(patch, at).id();
            Resource target = target(id, resources, at);
            mergeAsSelected(patch, Set.of(target), false, false, resources, at);
        }
        resources.dropDeleted();
        for (Patch patch : kustomization.patches()) {
            budget.checkTime(patch.at());
            apply(patch, resources);
            resources.dropDeleted();
        }
    }

    /** {@code patchesJson6902}, which comes later. */
    void applyJsonPatches(ResourceList resources) throws RefusedException, IOException {
        for (Patch patch : kustomization.jsonPatches()) {
            budget.checkTime(patch.at());
            Patches patches = read(patch);
            if (patches.json() == null || patches.json().isEmpty()) {
                throw new RefusedException(
                        patch.at(), "this is no JSON patch, or an empty one", "List the operations of the patch");
            }
            for (Resource resource : patch.target().select(resources)) {
                applyJson(patches.json(), resource);
            }
            resources.idsChanged();
        }
    }

    private List<Node> strategicMerge(Entry entry) throws RefusedException, IOException {
        boolean inline = entry.text().contains("\n") || entry.text().startsWith("{");
        Origin origin = inline
                ? Origin.value(entry.at())
                : Origin.file(sources.resolveFile(kustomization, entry.text(), entry.at()));
        String text =
                inline ? entry.text() : NodeParser.text(origin, sources.read(kustomization, entry.text(), entry.at()));
        List<Node> patches = Manifests.resources(NodeParser.parse(origin, Dialect.MANIFEST, text), origin);
        if (patches.isEmpty()) {
            throw new RefusedException(entry.at(), "the patch is empty", "Remove it");
        }
        return patches;
    }

    private Patches read(Patch patch) throws RefusedException, IOException {
        if (patch.inline() == null) {
            Origin origin = Origin.file(sources.resolveFile(kustomization, patch.path(), patch.at()));
            return Patches.read(origin, NodeParser.text(origin, sources.read(kustomization, patch.path(), patch.at())));
        }
        String text = patch.inline().text();
        String leading = text.substring(0, text.length() - text.stripLeading().length());
        int skipped = (int) leading.chars().filter(c -> c == '\n').count();
        return Patches.read(inside(patch.inline(), skipped, patch.at()), text.strip());
    }

    /** A block scalar begins on the line after its indicator; where any other begins is not known well enough. */
    private static Origin inside(Node inline, int skippedLines, SourceLocation at) {
        return inline.isLiteral()
                ? Origin.block(at.file(), inline.line() + 2 + skippedLines)
                : Origin.value(inline.location(at));
    }

    private void apply(Patch patch, ResourceList resources) throws RefusedException, IOException {
        Patches patches = read(patch);
        if (patches.json() != null) {
            applyJson(patch, patches.json(), resources);
        } else if (patch.target() != null) {
            applySelected(patch, patches.strategic(), resources);
        } else {
            for (Node strategic : patches.strategic()) {
                applyNamed(patch, strategic, resources);
            }
        }
    }

    private static void applyJson(Patch patch, JsonPatch json, ResourceList resources) throws RefusedException {
        if (patch.target() == null) {
            throw new RefusedException(patch.at(), "a JSON patch needs a target", "Add a target");
        }
        for (Resource resource : patch.target().select(resources)) {
            resource.storePreviousId();
            applyJson(json, resource);
        }
        resources.idsChanged();
    }

    private static void applyJson(JsonPatch json, Resource resource) throws RefusedException {
        Map<String, String> internal = resource.internalAnnotations();
        json.apply(resource.root());
        Node written = Metadata.section(resource.root(), "annotations");
        if (!Node.isMissingOrNull(written) && !written.isMap()) {
            throw new RefusedException(
                    written.location(resource.location()), "annotations must be a map", "Mend the patch");
        }
        Map<String, String> annotations = Metadata.strings(resource.root(), "annotations");
        annotations.putAll(internal);
        Metadata.setStrings(resource.root(), "annotations", annotations);
    }

    private static void applySelected(Patch patch, List<Node> patches, ResourceList resources) throws RefusedException {
        if (patches.size() > 1) {
            throw new RefusedException(
                    patch.at(), "a patch with a target must be one document", "Write one entry per document");
        }
        if (!patches.isEmpty()) {
            Set<Resource> selected = new HashSet<>(patch.target().select(resources));
            SourceLocation at = patches.get(0).location(patch.at());
            mergeAsSelected(patches.get(0), selected, patch.allowNameChange(), patch.allowKindChange(), resources, at);
        }
    }

    /** The patch names its resource; labels and annotations may be taken away by null. */
    private static void applyNamed(Patch patch, Node strategic, ResourceList resources) throws RefusedException {
        SourceLocation at = strategic.location(patch.at());
        Resource target = target(new Resource(strategic, at).id(), resources, at);
        merge(target, strategic, patch.allowNameChange(), patch.allowKindChange(), at);
        resources.idsChanged();
    }

    private static Resource target(ResId id, ResourceList resources, SourceLocation at) throws RefusedException {
        List<Resource> found = resources.byAnyId(id);
        if (found.size() != 1) {
            throw new RefusedException(
                    at,
                    "the patch is for " + id + ", and there is " + (found.isEmpty() ? "no" : "more than one") + " such"
                            + " resource",
                    "Mend its apiVersion, kind, name and namespace, or add a target");
        }
        return found.get(0);
    }

    /** Each gets a copy of the patch, whose labels and annotations become strings, also where they were null. */
    private static void mergeAsSelected(
            Node patch,
            Set<Resource> selected,
            boolean allowNameChange,
            boolean allowKindChange,
            ResourceList resources,
            SourceLocation at)
            throws RefusedException {
        for (Resource resource : resources.resources()) {
            if (selected.contains(resource)) {
                Node copy = patch.copy();
                Metadata.setStrings(copy, "labels", Metadata.strings(patch, "labels"));
                Metadata.setStrings(copy, "annotations", Metadata.strings(patch, "annotations"));
                Metadata.set(copy, "name", Node.untagged(Metadata.text(patch, "name")));
                Metadata.setNamespace(copy, Metadata.text(patch, "namespace"));
                copy.set("apiVersion", Node.untagged(resource.root().textOf("apiVersion")));
                merge(resource, copy, allowNameChange, allowKindChange, at);
            }
        }
        resources.dropDeleted();
        resources.checkIds();
        resources.idsChanged();
    }

    private static void merge(
            Resource resource, Node patch, boolean allowNameChange, boolean allowKindChange, SourceLocation at)
            throws RefusedException {
        String name = resource.name();
        String namespace = resource.namespace();
        String kind = resource.kind();
        if (allowNameChange || allowKindChange) {
            resource.storePreviousId();
        }
        if (!StrategicMerge.apply(resource.root(), patch, at)) {
            resource.delete();
            return;
        }
        if (resource.isDeleted()) {
            return;
        }
        if (!allowKindChange) {
            resource.root().set("kind", Node.untagged(kind));
        }
        if (!allowNameChange) {
            resource.setName(name);
        }
        Metadata.setNamespace(resource.root(), namespace);
    }
}
