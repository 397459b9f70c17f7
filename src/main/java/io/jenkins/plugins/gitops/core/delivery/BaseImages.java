package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageSearch;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the image of an overlay that sets none itself and gets it from its bases. */
final class BaseImages {
    private static final String HELM_RELEASE = "helm.toolkit.fluxcd.io/";
    private static final ImageSearch USUAL = ImageSearch.at(List.of());
    /** Maximum number of kustomizations and their files that are read. */
    private static final int MAX_FILES = 100;

    private final FileTree tree;
    private final Set<String> seen = new LinkedHashSet<>();
    private final Set<String> names = new LinkedHashSet<>();
    /** Files with images of Kubernetes objects. */
    private final List<LocatedFile> manifests = new ArrayList<>();
    /** Kustomizations below the overlay that set images. */
    private final List<LocatedFile> kustomizations = new ArrayList<>();
    /** Whether a chart is deployed, whose images a kustomization cannot set. */
    private boolean deploysChart;

    private BaseImages(FileTree tree) {
        this.tree = tree;
    }

    /**
     * The name, without tag, of the only image in all manifests that an overlay's kustomization refers to.
     *
     * @return empty when there is none or more than one, or a file cannot be read
     */
    static Optional<String> only(FileTree tree, String folder) throws IOException {
        BaseImages images = of(tree, folder);
        return images == null
                ? Optional.empty()
                : Optional.of(images.names.iterator().next());
    }

    /**
     * The file that sets the only image of an overlay: a manifest, or the one kustomization among its bases with images.
     *
     * @return null when there is no such image, or several files set it
     */
    @CheckForNull
    static LocatedFile file(FileTree tree, String folder) throws IOException {
        BaseImages images = of(tree, folder);
        if (images == null) {
            return null;
        }
        List<LocatedFile> setting = images.kustomizations.isEmpty() ? images.manifests : images.kustomizations;
        return setting.size() == 1 ? setting.get(0) : null;
    }

    /** Null when the overlay has not exactly one image, or a file cannot be read. */
    @CheckForNull
    private static BaseImages of(FileTree tree, String folder) throws IOException {
        BaseImages images = new BaseImages(tree);
        try {
            images.visit(folder);
        } catch (UserErrorException unreadable) {
            return null;
        }
        boolean certain = !images.deploysChart && images.names.size() == 1 && images.seen.size() < MAX_FILES;
        return certain ? images : null;
    }

    private void visit(String path) throws IOException, UserErrorException {
        if (seen.size() >= MAX_FILES || !seen.add(path)) {
            return;
        }
        LocatedFile file = LocatedFile.find(tree, path);
        if (file != null) {
            deploysChart |= new String(file.content(), StandardCharsets.ISO_8859_1).contains(HELM_RELEASE);
            if (TreePath.isYaml(path) && file.hasContainers()) {
                ImageSource source = new ImageSource(file, USUAL, null);
                source.images().forEach(entry -> names.add(entry.image().name()));
                names.addAll(source.open().unset(file.content()).keySet());
                manifests.add(file);
            }
            return;
        }
        for (String name : TreePath.KUSTOMIZATIONS) {
            LocatedFile kustomization = LocatedFile.find(tree, path + "/" + name);
            if (kustomization != null) {
                if (seen.size() > 1 && kustomization.hasImages(USUAL)) {
                    kustomizations.add(kustomization);
                }
                for (String resource : resources(kustomization)) {
                    visit(resource(path, resource));
                }
            }
        }
    }

    private static List<String> resources(LocatedFile kustomization) throws IOException, UserErrorException {
        YamlText text = YamlText.parse(kustomization.name(), kustomization.content());
        List<String> found = new ArrayList<>();
        text.first().ifPresent(root -> {
            for (String key : List.of("resources", "bases")) {
                YamlPath.of(text, root).key(key).map(YamlPath::items).orElse(List.of()).stream()
                        .map(YamlPath::scalar)
                        .filter(name -> name != null && !name.contains(":"))
                        .forEach(found::add);
            }
        });
        return found;
    }

    /** Rejects paths outside of the repository, which cannot be read. */
    private static String resource(String folder, String name) throws UserErrorException {
        String path = ArgoCdApplicationTarget.resolved(folder, name);
        if (path == null) {
            throw new UserErrorException(name + " leaves the repository", "Use a folder of the repository");
        }
        return path;
    }
}
