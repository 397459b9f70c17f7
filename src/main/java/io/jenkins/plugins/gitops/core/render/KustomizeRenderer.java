package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Kustomization.Sorting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Renders a kustomization as {@code kustomize build} 5.8.1 does. Stateless and safe for use by many threads.
 *
 * <p>Not supported, and refused by name: replacements, vars, crds, configurations, openapi, helmCharts, generators,
 * transformers, validators, buildMetadata, fields of labels, and whatever would have to be fetched from elsewhere.
 */
public final class KustomizeRenderer {
    private KustomizeRenderer() {}

    /**
     * @param path the folder of the kustomization, relative to the tree's root; empty for the root
     * @throws RefusedException when kustomize would refuse it, or something in it is not supported: file, line, column
     * @throws IOException when the tree cannot be read
     */
    public static Rendered render(FileTree tree, String path) throws RefusedException, IOException {
        return render(tree, path, false);
    }

    /**
     * As {@link #render(FileTree, String)}.
     *
     * @param unsorted whether the resources stay in the order in which they were read, whatever the kustomization says
     */
    public static Rendered render(FileTree tree, String path, boolean unsorted) throws RefusedException, IOException {
        Sources sources = new Sources(tree);
        String folder = SymbolicLinks.follow(tree, TreePath.normalize(path));
        Kustomization kustomization = sources.kustomization(folder);
        SourceLocation at = SourceLocation.of(path.isEmpty() ? "." : path);
        if (kustomization == null) {
            throw new RefusedException(
                    at, "there is no kustomization", "Add a kustomization.yaml that lists the resources");
        }
        RenderBudget budget = RenderBudget.start();
        Accumulator accumulator = new Accumulator(sources, budget);
        ResourceList resources = accumulator.accumulate(kustomization);
        budget.checkTime(at);
        HashSuffix.apply(resources);
        NameReferences.mend(resources);
        budget.checkTime(at);
        resources.checkIds();
        return new Rendered(
                manifests(resources, sorting(kustomization, unsorted)), List.copyOf(accumulator.warnings()));
    }

    private static Sorting sorting(Kustomization kustomization, boolean unsorted) {
        if (unsorted) {
            return SortOrder.UNSORTED;
        }
        return kustomization.sort() == null ? SortOrder.DEFAULT : kustomization.sort();
    }

    private static List<Map<String, Object>> manifests(ResourceList resources, Sorting sorting)
            throws RefusedException {
        List<Resource> kept = new ArrayList<>();
        for (Resource resource : resources.resources()) {
            resource.checkIsManifest();
            if (!resource.isLocal()) {
                kept.add(resource);
            }
        }
        List<Map<String, Object>> manifests = new ArrayList<>(kept.size());
        for (Resource resource : SortOrder.sorted(kept, sorting)) {
            resource.removeInternalAnnotations();
            manifests.add(PlainValues.ofMap(resource.root()));
        }
        return manifests;
    }
}
