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
 * Where the images of a target are. In this order: the file that {@code gitops.yaml} names, {@code image-tag.yaml}, the
 * target's kustomization, a component inside the target's folder that this kustomization names, Helm values in the folder
 * ({@code values-ENVIRONMENT.yaml}, else the only {@code values*.yaml} with an image), and all files in the folder with images
 * of Kubernetes objects. Rules for images in {@code gitops.yaml} come before all of these. A value file that sets no image
 * takes that of the chart's own values.
 */
public final class TargetImages {
    private TargetImages() {}

    /** What files held at another time. */
    public interface FileContents {
        /** Empty when there was no such file. */
        byte[] of(String path) throws IOException;
    }

    /**
     * The file that holds the target's images, relative to the repository's root; the first of {@link #imageFiles}.
     *
     * @throws UserErrorException when there is none, or more than one could be meant
     * @throws IOException when the tree cannot be read
     */
    public static String imageFile(FileTree tree, Target target) throws UserErrorException, IOException {
        return imageFiles(tree, target).get(0);
    }

    /**
     * All files that hold the target's images, relative to the repository's root.
     *
     * @throws UserErrorException as {@link #imageFile}
     * @throws IOException when the tree cannot be read
     */
    public static List<String> imageFiles(FileTree tree, Target target) throws UserErrorException, IOException {
        return new ImageFileLocator(tree, target)
                .locate(false).stream().map(source -> source.file().name()).toList();
    }

    private static ImageFiles files(FileTree tree, Target target) throws UserErrorException, IOException {
        return new ImageFiles(new ImageFileLocator(tree, target).locate(false));
    }

    /**
     * Files and folders outside of the target's folder whose change may change its images.
     *
     * @param target without a look into any file
     */
    public static List<String> outside(Target target) {
        List<String> paths = new ArrayList<>(RuleFiles.folders(target));
        String file = target.imageFile();
        if (file != null && !target.contains(file)) {
            paths.add(file);
        }
        return paths;
    }

    /**
     * The images that the target's files set, in their order; each has a tag, a digest or both.
     *
     * @throws UserErrorException when there are no such files or they cannot be read with certainty
     * @throws IOException when the tree cannot be read
     */
    public static List<ImageReference> read(FileTree tree, Target target) throws UserErrorException, IOException {
        return entries(tree, target).stream().map(ImageEntry::image).toList();
    }

    /** As {@link #read}, with the places and the names by which the manifests call the images. */
    public static List<ImageEntry> entries(FileTree tree, Target target) throws UserErrorException, IOException {
        return files(tree, target).entries();
    }

    /**
     * Whether the images stand in the manifest of an Argo CD {@code Application}.
     *
     * @throws UserErrorException as {@link #read}
     * @throws IOException when the tree cannot be read
     */
    public static boolean areInApplication(FileTree tree, Target target) throws UserErrorException, IOException {
        LocatedFile file =
                new ImageFileLocator(tree, target).locate(false).get(0).file();
        return ImageFile.isApplication(file.name(), file.content());
    }

    /** Where the target's file leaves tag and digest of an image to others, by {@link ImageEntry#key}. */
    public static Map<String, SourceLocation> unset(FileTree tree, Target target)
            throws UserErrorException, IOException {
        return files(tree, target).unset();
    }

    /**
     * The files of the target without images that {@link #set} had added, and with these images set, by their paths; nothing
     * is written.
     *
     * @param added images as they are now that the files did not hold before
     * @param before what the files held then
     * @throws UserErrorException as {@link #set}, or when it is not certain which bytes added an image
     * @throws IOException when the tree cannot be read
     */
    public static Map<String, byte[]> restore(
            FileTree tree, Target target, List<ImageReference> images, List<ImageReference> added, FileContents before)
            throws UserErrorException, IOException {
        ImageFiles files = files(tree, target);
        Map<String, byte[]> removed = files.remove(settings(added), before);
        return files.set(removed, settings(images), false);
    }

    private static List<ImageUpdateSpec> settings(List<ImageReference> images) throws UserErrorException {
        List<ImageUpdateSpec> settings = new ArrayList<>();
        for (ImageReference image : images) {
            settings.add(ImageUpdateSpec.of(image));
        }
        return settings;
    }

    /**
     * The changed files of the target with these images set, by their paths; nothing is written.
     *
     * @param create whether an image that has no entry gets one
     * @throws UserErrorException when an image has no entry, or its place cannot be edited with certainty
     * @throws IOException when the tree cannot be read
     */
    public static Map<String, byte[]> set(FileTree tree, Target target, List<ImageReference> images, boolean create)
            throws UserErrorException, IOException {
        try {
            return new ImageFiles(new ImageFileLocator(tree, target).locate(create)).set(settings(images), create);
        } catch (SubstitutedImageException e) {
            throw new FluxSubstitutions(tree)
                    .source(target.path(), e.variable())
                    .map(e::from)
                    .orElse(e);
        }
    }
}
