package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.ImageOwner;
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
 * Finds, reads and edits the images of a target. In order of precedence: the file in {@code gitops.yaml},
 * {@code image-tag.yaml}, the target's kustomization, a component of this kustomization inside the target's folder,
 * Helm values in the folder ({@code values-ENVIRONMENT.yaml}, or else the only {@code values*.yaml} with an image), and
 * all files in the folder with images of Kubernetes objects. Image rules in {@code gitops.yaml} take precedence over
 * all of these. A value file that sets no image gets that of the chart's default values.
 */
public final class TargetImages {
    private TargetImages() {}

    /** The content of files at an earlier revision. */
    public interface FileContents {
        /** Empty when the file did not exist. */
        byte[] of(String path) throws IOException;
    }

    /**
     * The file that sets the target's images, relative to the repository's root; the first of {@link #imageFiles}.
     *
     * @throws UserErrorException when there is none, or it is ambiguous
     * @throws IOException when the tree cannot be read
     */
    public static String imageFile(FileTree tree, Target target) throws UserErrorException, IOException {
        return imageFiles(tree, target).get(0);
    }

    /**
     * All files that set the target's images, relative to the repository's root.
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

    /** Files and folders outside of the target's folder that its images may depend on. Reads no files. */
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
     * @throws UserErrorException when there are no such files or they cannot be read unambiguously
     * @throws IOException when the tree cannot be read
     */
    public static List<ImageReference> read(FileTree tree, Target target) throws UserErrorException, IOException {
        return entries(tree, target).stream().map(ImageEntry::image).toList();
    }

    /** As {@link #read}, with the locations and the names in the manifests. */
    public static List<ImageEntry> entries(FileTree tree, Target target) throws UserErrorException, IOException {
        return files(tree, target).entries();
    }

    /**
     * Whether the images are in the manifest of an Argo CD {@code Application}.
     *
     * @throws UserErrorException as {@link #read}
     * @throws IOException when the tree cannot be read
     */
    public static boolean areInApplication(FileTree tree, Target target) throws UserErrorException, IOException {
        LocatedFile file =
                new ImageFileLocator(tree, target).locate(false).get(0).file();
        return ImageOwner.of(file.name(), file.content()) == ImageOwner.ARGO_CD;
    }

    /** The names by which images can be set: those with a tag or digest or, if there are none, those without. */
    public static List<String> names(FileTree tree, Target target) throws UserErrorException, IOException {
        List<ImageEntry> entries = entries(tree, target);
        return entries.isEmpty()
                ? List.copyOf(unset(tree, target).keySet())
                : entries.stream().map(entry -> entry.image().name()).toList();
    }

    /** The images in the target's files whose tag and digest are set elsewhere, by {@link ImageEntry#key}. */
    public static Map<String, SourceLocation> unset(FileTree tree, Target target)
            throws UserErrorException, IOException {
        return files(tree, target).unset();
    }

    /**
     * The files of the target without images that {@link #set} had added, and with other images set, by path; nothing
     * is written.
     *
     * @param added images to remove, with their current values, which the files did not contain before
     * @param before content of the files at that time
     * @throws UserErrorException as {@link #set}, or when it is uncertain which bytes added an image
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
     * The changed files of the target with these images set, by path; nothing is written.
     *
     * @param create whether to add an entry for an image that has none
     * @throws UserErrorException when an image has no entry, or its entry cannot be edited safely
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
