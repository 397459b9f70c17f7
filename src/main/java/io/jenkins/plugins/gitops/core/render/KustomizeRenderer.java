package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.FileLoader;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.SortOptions;
import io.jenkins.plugins.gitops.core.render.kustomization.SortOrder;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.source.KustomizationPath;
import io.jenkins.plugins.gitops.core.render.source.RenderBudget;
import io.jenkins.plugins.gitops.core.render.source.SymlinkResolver;
import io.jenkins.plugins.gitops.core.render.transform.HashSuffix;
import io.jenkins.plugins.gitops.core.render.transform.NameReferences;
import io.jenkins.plugins.gitops.core.render.yaml.JavaValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Renders a kustomization as {@code kustomize build} 5.8.1 does. Stateless and thread-safe.
 *
 * <p>Not supported, and rejected by name: replacements, vars, crds, configurations, openapi, helmCharts, generators,
 * transformers, validators, buildMetadata, fields of labels, and remote resources.
 */
public final class KustomizeRenderer {
    private KustomizeRenderer() {}

    /**
     * Renders a kustomization.
     *
     * @param path the folder of the kustomization, relative to the tree's root; empty for the root
     * @throws UserErrorException if kustomize would reject it, or it contains something unsupported; with file, line
     *     and column
     * @throws IOException if the tree cannot be read
     */
    public static RenderResult render(FileTree tree, String path) throws UserErrorException, IOException {
        return render(tree, path, false);
    }

    /**
     * Renders a kustomization as {@link #render(FileTree, String)} does.
     *
     * @param unsorted whether to keep the resources in the order in which they were read, regardless of the
     *     kustomization
     */
    public static RenderResult render(FileTree tree, String path, boolean unsorted)
            throws UserErrorException, IOException {
        FileLoader fileLoader = new FileLoader(tree);
        String folder = SymlinkResolver.follow(tree, KustomizationPath.normalize(path));
        Kustomization kustomization = fileLoader.kustomization(folder);
        SourceLocation at = SourceLocation.of(path.isEmpty() ? "." : path);
        if (kustomization == null) {
            throw new UserErrorException(
                    at, "there is no kustomization", "Add a kustomization.yaml that lists the resources");
        }
        RenderBudget budget = RenderBudget.start();
        ResourceAccumulator accumulator = new ResourceAccumulator(fileLoader, budget);
        ResourceList resources = accumulator.accumulate(kustomization);
        budget.checkTime(at);
        HashSuffix.apply(resources);
        NameReferences.update(resources);
        budget.checkTime(at);
        resources.checkIds();
        return new RenderResult(
                manifests(resources, sorting(kustomization, unsorted)), List.copyOf(accumulator.warnings()));
    }

    private static SortOptions sorting(Kustomization kustomization, boolean unsorted) {
        if (unsorted) {
            return SortOrder.UNSORTED;
        }
        return kustomization.sort() == null ? SortOrder.DEFAULT : kustomization.sort();
    }

    private static List<Map<String, Object>> manifests(ResourceList resources, SortOptions sortOptions)
            throws UserErrorException {
        List<Resource> kept = new ArrayList<>();
        for (Resource resource : resources.resources()) {
            resource.checkIsManifest();
            if (!resource.isLocal()) {
                kept.add(resource);
            }
        }
        List<Map<String, Object>> manifests = new ArrayList<>(kept.size());
        for (Resource resource : SortOrder.sorted(kept, sortOptions)) {
            resource.removeInternalAnnotations();
            manifests.add(JavaValues.ofMap(resource.root()));
        }
        return manifests;
    }
}
