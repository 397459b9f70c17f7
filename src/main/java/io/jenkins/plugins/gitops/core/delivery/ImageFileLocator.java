package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.image.SubstitutedImageException;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for the one file that holds the images of a target, in the order that {@link TargetImages} documents. */
final class ImageFileLocator {
    private static final String IMAGE_TAG = "image-tag.yaml";
    private static final List<String> KUSTOMIZATIONS =
            List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    private final FileTree tree;
    private final Target target;
    private final List<String> paths;

    ImageFileLocator(FileTree tree, Target target) {
        this.tree = tree;
        this.target = target;
        this.paths = target.imagePaths().isEmpty() ? ImageFile.DEFAULT_PATHS : target.imagePaths();
    }

    /**
     * @param create whether a file without images will do, when it is the place for them
     * @throws UserErrorException when there is no file, or more than one could be meant
     */
    LocatedFile locate(boolean create) throws UserErrorException, IOException {
        if (target.imageFile() != null) {
            return named(target.imageFile());
        }
        LocatedFile imageTag = file(target.path() + "/" + IMAGE_TAG);
        if (imageTag != null) {
            return imageTag;
        }
        LocatedFile kustomization = kustomization(target.path());
        if (kustomization != null && isPresent(kustomization)) {
            return kustomization;
        }
        LocatedFile found = kustomization == null ? null : only(components(kustomization), "component");
        List<String> names = tree.list(target.path()).stream()
                .filter(entry -> !entry.folder())
                .map(FileTree.Entry::name)
                .toList();
        found = found == null ? values(names) : found;
        found = found == null ? manifest(names) : found;
        if (found != null || !create) {
            return orRefuse(found);
        }
        return kustomization == null ? orRefuse(ownValues()) : kustomization;
    }

    /** The images of a file. */
    List<ImageEntry> read(LocatedFile file) throws UserErrorException, IOException {
        return file.images(paths, below(file));
    }

    /** The file for reading and writing, above the chart's own values where it is laid over them. */
    ImageFile open(LocatedFile file) throws UserErrorException, IOException {
        return file.open(paths, below(file));
    }

    /** The chart's own values; null where the file is not laid over them. */
    @CheckForNull
    private LocatedFile below(LocatedFile file) throws UserErrorException, IOException {
        int name = file.name().lastIndexOf('/') + 1;
        String defaults = file.name().substring(0, name) + "values.yaml";
        boolean over = isValues(file.name().substring(name)) && !defaults.equals(file.name());
        return over ? file(defaults) : null;
    }

    private LocatedFile named(String name) throws UserErrorException, IOException {
        LocatedFile named = file(name);
        if (named == null) {
            throw new UserErrorException(
                    SourceLocation.of(name),
                    "This file is missing, but " + Delivery.FILE + " names it for the image of " + target,
                    "Add the file, or change imageFile in " + Delivery.FILE);
        }
        return named;
    }

    private LocatedFile orRefuse(@CheckForNull LocatedFile found) throws UserErrorException, IOException {
        if (found != null) {
            return found;
        }
        for (FileTree.Entry entry : tree.list(target.path())) {
            LocatedFile file =
                    entry.folder() || !isYaml(entry.name()) ? null : file(target.path() + "/" + entry.name());
            Optional<SubstitutedImageException> substituted =
                    file == null ? Optional.empty() : ImageFile.substituted(file.name(), file.content());
            if (substituted.isPresent()) {
                throw substituted.get();
            }
        }
        throw new UserErrorException(
                SourceLocation.of(target.path()),
                "No image of " + target + " is set here, neither in " + IMAGE_TAG + " nor in kustomization.yaml,"
                        + " values or manifests",
                "Add images with name and newTag to the kustomization.yaml in Git first");
    }

    /** The folder's kustomization; null when there is none. */
    @CheckForNull
    private LocatedFile kustomization(String folder) throws UserErrorException, IOException {
        LocatedFile found = null;
        for (String name : KUSTOMIZATIONS) {
            LocatedFile file = file(folder + "/" + name);
            if (file != null && found != null) {
                throw new UserErrorException(
                        SourceLocation.of(file.name()),
                        "There is a second kustomization in this folder besides " + found.name(),
                        "Remove one of the two, because kustomize accepts neither");
            }
            found = file == null ? found : file;
        }
        return found;
    }

    /** The components with images that stand in the target's own folder; one outside would be shared by targets. */
    private List<LocatedFile> components(LocatedFile kustomization) throws UserErrorException, IOException {
        List<LocatedFile> components = new ArrayList<>();
        for (String name : kustomization.components()) {
            if (!isInside(name)) {
                continue;
            }
            String path = target.path() + "/" + name;
            LocatedFile file = file(path);
            LocatedFile found = file == null ? kustomization(path) : file;
            if (found != null && isPresent(found)) {
                components.add(found);
            }
        }
        return components;
    }

    /** The environment's own values file, else the only one with an image; null when there is none. */
    @CheckForNull
    private LocatedFile values(List<String> names) throws UserErrorException, IOException {
        LocatedFile own = ownValues();
        if (own != null && isPresent(own)) {
            return own;
        }
        List<LocatedFile> found = new ArrayList<>();
        for (String name : names) {
            LocatedFile file = isValues(name) ? file(target.path() + "/" + name) : null;
            if (file != null && isPresent(file)) {
                found.add(file);
            }
        }
        return only(found, "values file");
    }

    @CheckForNull
    private LocatedFile ownValues() throws UserErrorException, IOException {
        return file(target.path() + "/values-" + target.environment() + ".yaml");
    }

    @CheckForNull
    private LocatedFile manifest(List<String> names) throws UserErrorException, IOException {
        List<LocatedFile> found = new ArrayList<>();
        for (String name : names) {
            LocatedFile file = isYaml(name) ? file(target.path() + "/" + name) : null;
            if (file != null && file.hasContainers()) {
                found.add(file);
            }
        }
        return only(found, "manifest");
    }

    @CheckForNull
    private LocatedFile only(List<LocatedFile> found, String what) throws UserErrorException {
        if (found.size() > 1) {
            throw new UserErrorException(
                    SourceLocation.of(target.path()),
                    "Images of " + target + " are set in more than one " + what + ": "
                            + found.get(0).name() + " and " + found.get(1).name(),
                    "Name the one to change with imageFile in " + Delivery.FILE);
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private boolean isPresent(LocatedFile file) throws UserErrorException, IOException {
        return file.hasImages(paths);
    }

    private static boolean isYaml(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private static boolean isValues(String name) {
        return name.startsWith("values") && isYaml(name);
    }

    private static boolean isInside(String path) {
        List<String> segments = List.of(path.split("/", -1));
        return !segments.contains("") && !segments.contains(".") && !segments.contains("..");
    }

    @CheckForNull
    private LocatedFile file(String path) throws UserErrorException, IOException {
        return LocatedFile.find(tree, path);
    }
}
