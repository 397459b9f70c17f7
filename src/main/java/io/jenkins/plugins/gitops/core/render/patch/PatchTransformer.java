package io.jenkins.plugins.gitops.core.render.patch;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.FileLoader;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.ListItem;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.PatchEntry;
import io.jenkins.plugins.gitops.core.render.resource.ManifestReader;
import io.jenkins.plugins.gitops.core.render.resource.Metadata;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceId;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.source.RenderBudget;
import io.jenkins.plugins.gitops.core.render.yaml.TextOrigin;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser.Dialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Applies the patches of a kustomization. */
public final class PatchTransformer {
    private final FileLoader fileLoader;
    private final Kustomization kustomization;
    private final RenderBudget budget;

    public PatchTransformer(FileLoader fileLoader, Kustomization kustomization, RenderBudget budget) {
        this.fileLoader = fileLoader;
        this.kustomization = kustomization;
        this.budget = budget;
    }

    /** Applies {@code patchesStrategicMerge} and {@code patches}. */
    public void applyAll(ResourceList resources) throws UserErrorException, IOException {
        List<YamlValue> old = new ArrayList<>();
        for (ListItem listItem : kustomization.strategicMerges()) {
            old.addAll(strategicMerge(listItem));
        }
        for (YamlValue patch : old) {
            SourceLocation at = patch.location(kustomization.at());
            budget.checkTime(at);
            ResourceId id = new Resource(patch, at).id();
            Resource target = target(id, resources, at);
            mergeAsSelected(patch, Set.of(target), false, false, resources, at);
        }
        resources.dropDeleted();
        for (PatchEntry patchEntry : kustomization.patches()) {
            budget.checkTime(patchEntry.at());
            apply(patchEntry, resources);
            resources.dropDeleted();
        }
    }

    /** Applies {@code patchesJson6902}, which comes later. */
    public void applyJsonPatches(ResourceList resources) throws UserErrorException, IOException {
        for (PatchEntry patchEntry : kustomization.jsonPatches()) {
            budget.checkTime(patchEntry.at());
            ParsedPatch parsedPatch = read(patchEntry);
            if (parsedPatch.json() == null || parsedPatch.json().isEmpty()) {
                throw new UserErrorException(
                        patchEntry.at(),
                        "this is not a JSON patch, or it is empty",
                        "List the operations of the patch");
            }
            for (Resource resource : patchEntry.target().select(resources)) {
                applyJson(parsedPatch.json(), resource);
            }
            resources.idsChanged();
        }
    }

    private List<YamlValue> strategicMerge(ListItem listItem) throws UserErrorException, IOException {
        boolean inline = listItem.text().contains("\n") || listItem.text().startsWith("{");
        TextOrigin origin = inline
                ? TextOrigin.value(listItem.at())
                : TextOrigin.file(fileLoader.resolveFile(kustomization, listItem.text(), listItem.at()));
        String text = inline
                ? listItem.text()
                : YamlValueParser.text(origin, fileLoader.read(kustomization, listItem.text(), listItem.at()));
        List<YamlValue> patches =
                ManifestReader.resources(YamlValueParser.parse(origin, Dialect.MANIFEST, text), origin);
        if (patches.isEmpty()) {
            throw new UserErrorException(listItem.at(), "the patch is empty", "Remove it");
        }
        return patches;
    }

    private ParsedPatch read(PatchEntry patchEntry) throws UserErrorException, IOException {
        if (patchEntry.inline() == null) {
            TextOrigin origin =
                    TextOrigin.file(fileLoader.resolveFile(kustomization, patchEntry.path(), patchEntry.at()));
            return ParsedPatch.read(
                    origin,
                    YamlValueParser.text(origin, fileLoader.read(kustomization, patchEntry.path(), patchEntry.at())));
        }
        String text = patchEntry.inline().text();
        String leading = text.substring(0, text.length() - text.stripLeading().length());
        int skipped = (int) leading.chars().filter(c -> c == '\n').count();
        return ParsedPatch.read(inside(patchEntry.inline(), skipped, patchEntry.at()), text.strip());
    }

    /** A literal block starts on the line after its indicator; the start of any other scalar is not known exactly. */
    private static TextOrigin inside(YamlValue inline, int skippedLines, SourceLocation at) {
        return inline.isLiteral()
                ? TextOrigin.block(at.file(), inline.line() + 2 + skippedLines)
                : TextOrigin.value(inline.location(at));
    }

    private void apply(PatchEntry patchEntry, ResourceList resources) throws UserErrorException, IOException {
        ParsedPatch parsedPatch = read(patchEntry);
        if (parsedPatch.json() != null) {
            applyJson(patchEntry, parsedPatch.json(), resources);
        } else if (patchEntry.target() != null) {
            applySelected(patchEntry, parsedPatch.strategic(), resources);
        } else {
            for (YamlValue strategic : parsedPatch.strategic()) {
                applyNamed(patchEntry, strategic, resources);
            }
        }
    }

    private static void applyJson(PatchEntry patchEntry, JsonPatch json, ResourceList resources)
            throws UserErrorException {
        if (patchEntry.target() == null) {
            throw new UserErrorException(patchEntry.at(), "a JSON patch needs a target", "Add a target");
        }
        for (Resource resource : patchEntry.target().select(resources)) {
            resource.storePreviousId();
            applyJson(json, resource);
        }
        resources.idsChanged();
    }

    private static void applyJson(JsonPatch json, Resource resource) throws UserErrorException {
        Map<String, String> internal = resource.internalAnnotations();
        json.apply(resource.root());
        YamlValue written = Metadata.section(resource.root(), "annotations");
        if (!YamlValue.isMissingOrNull(written) && !written.isMap()) {
            throw new UserErrorException(
                    written.location(resource.location()), "annotations must be a map", "Correct the patch");
        }
        Map<String, String> annotations = Metadata.strings(resource.root(), "annotations");
        annotations.putAll(internal);
        Metadata.setStrings(resource.root(), "annotations", annotations);
    }

    private static void applySelected(PatchEntry patchEntry, List<YamlValue> patches, ResourceList resources)
            throws UserErrorException {
        if (patches.size() > 1) {
            throw new UserErrorException(
                    patchEntry.at(), "a patch with a target must be one document", "Write one entry per document");
        }
        if (!patches.isEmpty()) {
            Set<Resource> selected = new HashSet<>(patchEntry.target().select(resources));
            SourceLocation at = patches.get(0).location(patchEntry.at());
            mergeAsSelected(
                    patches.get(0),
                    selected,
                    patchEntry.allowNameChange(),
                    patchEntry.allowKindChange(),
                    resources,
                    at);
        }
    }

    /** Applies a patch that names its resource; null may remove labels and annotations. */
    private static void applyNamed(PatchEntry patchEntry, YamlValue strategic, ResourceList resources)
            throws UserErrorException {
        SourceLocation at = strategic.location(patchEntry.at());
        Resource target = target(new Resource(strategic, at).id(), resources, at);
        merge(target, strategic, patchEntry.allowNameChange(), patchEntry.allowKindChange(), at);
        resources.idsChanged();
    }

    private static Resource target(ResourceId id, ResourceList resources, SourceLocation at) throws UserErrorException {
        List<Resource> found = resources.byAnyId(id);
        if (found.size() != 1) {
            throw new UserErrorException(
                    at,
                    "the patch is for " + id + ", and there is " + (found.isEmpty() ? "no" : "more than one") + " such"
                            + " resource",
                    "Correct its apiVersion, kind, name and namespace, or add a target");
        }
        return found.get(0);
    }

    /**
     * Applies a copy of the patch to each resource. Labels and annotations of the copy become strings, even if they
     * were null.
     */
    private static void mergeAsSelected(
            YamlValue patch,
            Set<Resource> selected,
            boolean allowNameChange,
            boolean allowKindChange,
            ResourceList resources,
            SourceLocation at)
            throws UserErrorException {
        for (Resource resource : resources.resources()) {
            if (selected.contains(resource)) {
                YamlValue copy = patch.copy();
                Metadata.setStrings(copy, "labels", Metadata.strings(patch, "labels"));
                Metadata.setStrings(copy, "annotations", Metadata.strings(patch, "annotations"));
                Metadata.set(copy, "name", YamlValue.untagged(Metadata.text(patch, "name")));
                Metadata.setNamespace(copy, Metadata.text(patch, "namespace"));
                copy.set("apiVersion", YamlValue.untagged(resource.root().textOf("apiVersion")));
                merge(resource, copy, allowNameChange, allowKindChange, at);
            }
        }
        resources.dropDeleted();
        resources.checkIds();
        resources.idsChanged();
    }

    private static void merge(
            Resource resource, YamlValue patch, boolean allowNameChange, boolean allowKindChange, SourceLocation at)
            throws UserErrorException {
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
            resource.root().set("kind", YamlValue.untagged(kind));
        }
        if (!allowNameChange) {
            resource.setName(name);
        }
        Metadata.setNamespace(resource.root(), namespace);
    }
}
