package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.KustomizeImages;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the images of a target stand. In this order: the file that {@code gitops.yaml} names, {@code image-tag.yaml}, the
 * target's kustomization, and a component inside the target's folder that this kustomization names.
 */
public final class TargetImages {
    private static final String IMAGE_TAG = "image-tag.yaml";
    private static final List<String> KUSTOMIZATIONS =
            List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    private TargetImages() {}

    /**
     * The file that holds the target's images, relative to the repository's root.
     *
     * @throws RefusedException when there is none, or more than one could be meant
     * @throws IOException when the tree cannot be read
     */
    public static String imageFile(FileTree tree, Target target) throws RefusedException, IOException {
        return locate(tree, target).name();
    }

    /**
     * The images that the target's file sets, in its order; each has a tag, a digest or both.
     *
     * @throws RefusedException when there is no such file or it cannot be read with certainty
     * @throws IOException when the tree cannot be read
     */
    public static List<ImageReference> read(FileTree tree, Target target) throws RefusedException, IOException {
        return entries(tree, target).stream().map(ImageEntry::image).toList();
    }

    /** As {@link #read}, with the places and the names by which the manifests call the images. */
    public static List<ImageEntry> entries(FileTree tree, Target target) throws RefusedException, IOException {
        Located file = locate(tree, target);
        return KustomizeImages.read(file.name(), file.content());
    }

    /**
     * The new content of the target's {@link #imageFile} with this image set; nothing is written.
     *
     * @throws RefusedException when the image has no entry there, or its place cannot be edited with certainty
     * @throws IOException when the tree cannot be read
     */
    public static byte[] set(FileTree tree, Target target, ImageReference image) throws RefusedException, IOException {
        Located file = locate(tree, target);
        return KustomizeImages.set(file.name(), file.content(), image);
    }

    private static Located locate(FileTree tree, Target target) throws RefusedException, IOException {
        if (target.imageFile() != null) {
            Located named = file(tree, target.imageFile());
            if (named == null) {
                throw new RefusedException(
                        SourceLocation.of(target.imageFile()),
                        "This file is missing, where " + Delivery.FILE + " says the image of " + target + " stands",
                        "Add the file, or change imageFile in " + Delivery.FILE);
            }
            return named;
        }
        Located imageTag = file(tree, target.path() + "/" + IMAGE_TAG);
        if (imageTag != null) {
            return imageTag;
        }
        Located kustomization = kustomization(tree, target.path());
        if (kustomization != null && KustomizeImages.present(kustomization.name(), kustomization.content())) {
            return kustomization;
        }
        List<Located> components = kustomization == null ? List.of() : components(tree, target.path(), kustomization);
        if (components.size() == 1) {
            return components.get(0);
        }
        throw components.isEmpty() ? noImages(target) : severalComponents(target, components);
    }

    private static RefusedException noImages(Target target) {
        return new RefusedException(
                SourceLocation.of(target.path()),
                "No image of " + target + " is set here, neither in " + IMAGE_TAG + " nor in kustomization.yaml",
                "Add images with name and newTag to the kustomization.yaml in Git first");
    }

    private static RefusedException severalComponents(Target target, List<Located> components) {
        return new RefusedException(
                SourceLocation.of(target.path()),
                "Images of " + target + " stand in more than one component: "
                        + components.get(0).name() + " and " + components.get(1).name(),
                "Name the one to change with imageFile in " + Delivery.FILE);
    }

    /** The folder's kustomization; null when there is none. */
    @CheckForNull
    private static Located kustomization(FileTree tree, String folder) throws RefusedException, IOException {
        Located found = null;
        for (String name : KUSTOMIZATIONS) {
            Located file = file(tree, folder + "/" + name);
            if (file != null && found != null) {
                throw new RefusedException(
                        SourceLocation.of(file.name()),
                        "There is a second kustomization in this folder beside " + found.name(),
                        "Remove one of the two, since kustomize takes neither");
            }
            found = file == null ? found : file;
        }
        return found;
    }

    /** The components with images that stand in the target's own folder; one outside would be shared by targets. */
    private static List<Located> components(FileTree tree, String folder, Located kustomization)
            throws RefusedException, IOException {
        List<Located> components = new ArrayList<>();
        for (String name : componentNames(kustomization)) {
            String path = folder + "/" + name;
            Located file = file(tree, path);
            Located found = file == null ? kustomization(tree, path) : file;
            if (found != null && KustomizeImages.present(found.name(), found.content())) {
                components.add(found);
            }
        }
        return components;
    }

    private static List<String> componentNames(Located kustomization) throws RefusedException {
        List<String> names = new ArrayList<>();
        YamlNode root = YamlText.parse(kustomization.name(), kustomization.content())
                .first()
                .orElse(null);
        Optional<YamlNode> list = root instanceof YamlNode.Mapping mapping
                ? mapping.entry("components").map(entry -> entry.value().resolved())
                : Optional.empty();
        if (list.isPresent() && list.get() instanceof YamlNode.Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                if (item.resolved() instanceof YamlNode.Scalar scalar && isInside(scalar.value())) {
                    names.add(scalar.value());
                }
            }
        }
        return names;
    }

    private static boolean isInside(String path) {
        List<String> segments = List.of(path.split("/", -1));
        return !segments.contains("") && !segments.contains(".") && !segments.contains("..");
    }

    @CheckForNull
    private static Located file(FileTree tree, String path) throws RefusedException, IOException {
        byte[] content = tree.read(path).orElse(null);
        return content == null ? null : new Located(path, content);
    }

    /** A file that was found, with its content. */
    private record Located(String name, byte[] content) {}
}
