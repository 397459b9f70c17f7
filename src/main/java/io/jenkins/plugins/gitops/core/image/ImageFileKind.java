package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.List;
import java.util.Map;

/** The kinds of files that set images. */
enum ImageFileKind {
    /** A kustomization, a component, or a file with only their {@code images} list. */
    KUSTOMIZATION,
    /** A file with an Argo CD Application in any document. */
    APPLICATION,
    /** A file with another Kubernetes object in any document. */
    MANIFESTS,
    /** Helm values: any file without {@code kind} and {@code apiVersion}. */
    VALUES;

    private static final String IMAGE_TAG = "image-tag.yaml";

    static ImageOccurrences occurrences(String file, byte[] content, ImageSearch search, Map<String, String> names)
            throws UserErrorException {
        if (!search.rules().isEmpty()) {
            return new RuleImages(file, content, search, names);
        }
        MarkedImages marked = MarkedImages.isMarked(content) ? new MarkedImages(file, content) : null;
        if (marked != null && !marked.isEmpty()) {
            return marked;
        }
        YamlText text = YamlText.parse(file, content);
        List<String> paths = search.paths();
        return switch (of(file, text)) {
            case KUSTOMIZATION -> new KustomizeImages(file, text, paths);
            case APPLICATION -> new ApplicationImages(file, text, paths);
            case MANIFESTS -> new ManifestImages(file, text, paths);
            case VALUES -> new HelmValues(file, text, paths, names);
        };
    }

    /** Determined by the content; by the name only for names that kustomize looks for, whatever the file contains. */
    private static ImageFileKind of(String file, YamlText text) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (TreePath.KUSTOMIZATIONS.contains(name) || name.equals(IMAGE_TAG)) {
            return KUSTOMIZATION;
        }
        boolean manifests = false;
        for (YamlNode root : text.documents()) {
            YamlPath document = YamlPath.of(text, root);
            String kind = document.textAt("kind");
            if (ApplicationImages.isApplication(document)) {
                return APPLICATION;
            }
            String version = document.textAt("apiVersion");
            // Flux also has a kind Kustomization, which is different.
            boolean kustomize = version.isEmpty() || version.startsWith("kustomize.config.k8s.io/");
            if (kustomize && (kind.equals("Kustomization") || kind.equals("Component"))) {
                return KUSTOMIZATION;
            }
            manifests |= !kind.isEmpty() && !version.isEmpty();
        }
        if (manifests) {
            return MANIFESTS;
        }
        boolean images = text.first()
                .flatMap(root -> YamlPath.of(text, root).key("images"))
                .filter(list -> list.node() instanceof Sequence)
                .isPresent();
        return images ? KUSTOMIZATION : VALUES;
    }
}
