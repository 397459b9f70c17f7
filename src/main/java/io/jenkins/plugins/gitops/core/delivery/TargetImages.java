package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.image.ImageUpdateSpec;
import io.jenkins.plugins.gitops.core.image.SubstitutedImageException;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the images of a target stand. In this order: the file that {@code gitops.yaml} names, {@code image-tag.yaml}, the
 * target's kustomization, a component inside the target's folder that this kustomization names, Helm values in the folder
 * ({@code values-ENVIRONMENT.yaml}, else the only {@code values*.yaml} with an image), and the only file in the folder with
 * the containers of a workload.
 */
public final class TargetImages {
    private TargetImages() {}

    /**
     * The file that holds the target's images, relative to the repository's root.
     *
     * @throws UserErrorException when there is none, or more than one could be meant
     * @throws IOException when the tree cannot be read
     */
    public static String imageFile(FileTree tree, Target target) throws UserErrorException, IOException {
        return new ImageFileLocator(tree, target).locate(false).name();
    }

    /**
     * The images that the target's file sets, in its order; each has a tag, a digest or both.
     *
     * @throws UserErrorException when there is no such file or it cannot be read with certainty
     * @throws IOException when the tree cannot be read
     */
    public static List<ImageReference> read(FileTree tree, Target target) throws UserErrorException, IOException {
        return entries(tree, target).stream().map(ImageEntry::image).toList();
    }

    /** As {@link #read}, with the places and the names by which the manifests call the images. */
    public static List<ImageEntry> entries(FileTree tree, Target target) throws UserErrorException, IOException {
        ImageFileLocator lookup = new ImageFileLocator(tree, target);
        LocatedFile file = lookup.locate(false);
        return lookup.read(file);
    }

    /**
     * Whether the images stand in the manifest of an Argo CD {@code Application}.
     *
     * @throws UserErrorException as {@link #read}
     * @throws IOException when the tree cannot be read
     */
    public static boolean areInApplication(FileTree tree, Target target) throws UserErrorException, IOException {
        LocatedFile file = new ImageFileLocator(tree, target).locate(false);
        return ImageFile.isApplication(file.name(), file.content());
    }

    /** Where the target's file leaves tag and digest of an image to others, by {@link ImageEntry#key}. */
    public static Map<String, SourceLocation> unset(FileTree tree, Target target)
            throws UserErrorException, IOException {
        ImageFileLocator lookup = new ImageFileLocator(tree, target);
        LocatedFile file = lookup.locate(false);
        return lookup.open(file).unset(file.content());
    }

    /**
     * The file of the target without images that {@link #set} had added, and with these images set, by its path; nothing is
     * written.
     *
     * @param added images as they are now that the file did not hold before
     * @param before what the file held then
     * @throws UserErrorException as {@link #set}, or when it is not certain which bytes added an image
     * @throws IOException when the tree cannot be read
     */
    public static Map<String, byte[]> restore(
            FileTree tree, Target target, List<ImageReference> images, List<ImageReference> added, byte[] before)
            throws UserErrorException, IOException {
        ImageFileLocator lookup = new ImageFileLocator(tree, target);
        LocatedFile file = lookup.locate(false);
        ImageFile editor = lookup.open(file);
        byte[] content = added.isEmpty() ? file.content() : editor.remove(file.content(), before, settings(added));
        return Map.of(file.name(), editor.set(content, settings(images), false));
    }

    private static List<ImageUpdateSpec> settings(List<ImageReference> images) throws UserErrorException {
        List<ImageUpdateSpec> settings = new ArrayList<>();
        for (ImageReference image : images) {
            settings.add(ImageUpdateSpec.of(image));
        }
        return settings;
    }

    /**
     * The changed file of the target with these images set, by its path; nothing is written.
     *
     * @param create whether an image that has no entry gets one
     * @throws UserErrorException when an image has no entry, or its place cannot be edited with certainty
     * @throws IOException when the tree cannot be read
     */
    public static Map<String, byte[]> set(FileTree tree, Target target, List<ImageReference> images, boolean create)
            throws UserErrorException, IOException {
        try {
            ImageFileLocator lookup = new ImageFileLocator(tree, target);
            LocatedFile file = lookup.locate(create);
            return Map.of(file.name(), lookup.open(file).set(file.content(), settings(images), create));
        } catch (SubstitutedImageException e) {
            throw new FluxSubstitutions(tree)
                    .source(target.path(), e.variable())
                    .map(e::from)
                    .orElse(e);
        }
    }
}
