package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.reconcile.Renderer;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.KustomizeRenderer;
import io.jenkins.plugins.gitops.core.render.PlainManifestReader;
import io.jenkins.plugins.gitops.core.render.RenderResult;
import io.jenkins.plugins.gitops.core.render.source.RenderBudget;
import io.jenkins.plugins.gitops.core.render.source.SymlinkResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Renders a folder as Argo CD does: as a kustomization if there is one, otherwise the YAML and JSON files in it. */
public final class FolderRenderer implements Renderer {
    private static final Pattern OVERRIDES = Pattern.compile("\\.argocd-source(-.+)?\\.yaml");

    private final Consumer<String> log;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** @param log receives each warning once */
    FolderRenderer(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public List<Map<String, Object>> render(FileTree tree, String path) throws UserErrorException, IOException {
        refuseOverrides(tree, path);
        RenderResult renderResult = renderWithWarnings(tree, path, false);
        renderResult.warnings().stream().filter(reported::add).forEach(log);
        return renderResult.manifests();
    }

    /** Rejects the override files that image updaters write: with them, Argo CD would render the folder differently. */
    private static void refuseOverrides(FileTree tree, String path) throws UserErrorException, IOException {
        for (FileTree.Entry entry : tree.list(path)) {
            if (!entry.folder() && OVERRIDES.matcher(entry.name()).matches()) {
                throw new UserErrorException(
                        SourceLocation.of(join(path, entry.name())),
                        "Parameter overrides of Argo CD are not supported",
                        "Write what it sets into the manifests or the kustomization, and remove it");
            }
        }
    }

    private static String join(String path, String file) {
        return path.isEmpty() ? file : path + "/" + file;
    }

    /**
     * Renders like {@link #render}, with warnings.
     *
     * @param unsorted whether to keep the resources of a kustomization in the order in which they were read
     */
    public static RenderResult renderWithWarnings(FileTree tree, String path, boolean unsorted)
            throws UserErrorException, IOException {
        String folder = SymlinkResolver.follow(tree, path);
        List<String> files = FolderFiles.names(tree, folder);
        if (files.stream().anyMatch(TreePath.KUSTOMIZATIONS::contains)) {
            return KustomizeRenderer.render(tree, path, unsorted);
        }
        if (files.contains("Chart.yaml")) {
            throw new UserErrorException(
                    SourceLocation.of(path + "/Chart.yaml"), "Helm charts are not supported", "Use a kustomization");
        }
        for (String file : files) {
            if (file.endsWith(".jsonnet")) {
                throw new UserErrorException(
                        SourceLocation.of(join(path, file)),
                        "Jsonnet is not supported",
                        "Commit what it renders to, or move it out of the folder");
            }
        }
        List<Map<String, Object>> manifests = new ArrayList<>();
        RenderBudget budget = RenderBudget.start();
        for (String file : files) {
            if (FolderFiles.isManifest(file)) {
                read(tree, FolderFiles.path(tree, folder, file), budget, manifests);
            }
        }
        if (files.isEmpty() && tree.list(folder).isEmpty()) {
            throw new UserErrorException(SourceLocation.of(path), "There is no such folder", "Correct the path");
        }
        return new RenderResult(manifests, List.of());
    }

    private static void read(FileTree tree, String file, RenderBudget budget, List<Map<String, Object>> manifests)
            throws UserErrorException, IOException {
        for (Map<String, Object> manifest :
                PlainManifestReader.read(file, tree.read(file).orElse(new byte[0]), budget)) {
            if (JsonTree.text(manifest, "kind") == null) {
                throw new UserErrorException(
                        SourceLocation.of(file), "This is not a Kubernetes object", "Move it out of the folder");
            }
            manifests.add(manifest);
        }
    }
}
