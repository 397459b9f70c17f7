package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.image.ImageSearch;
import io.jenkins.plugins.gitops.core.image.SubstitutedImageException;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the files that set the images of a target, in the order that {@link TargetImages} documents. */
final class ImageFileLocator {
    private static final String IMAGE_TAG = "image-tag.yaml";
    private static final String VALUES = "values.yaml";
    private static final String CHART = "Chart.yaml";
    /** Maximum number of folders above a value file that are searched for its chart. */
    private static final int MAX_PARENTS = 5;

    private final FileTree tree;
    private final Target target;
    private final ImageSearch search;

    ImageFileLocator(FileTree tree, Target target) {
        this.tree = tree;
        this.target = target;
        this.search = ImageSearch.at(target.imagePaths());
    }

    /**
     * @param create whether to accept a file without images, if new images can be added to it
     * @return at least one; new images are added to the first
     * @throws UserErrorException when there is no file, or it is ambiguous
     */
    List<ImageSource> locate(boolean create) throws UserErrorException, IOException {
        if (!target.images().isEmpty()) {
            return ruled(create);
        }
        if (target.imageFile() != null) {
            LocatedFile named = named(target.imageFile());
            return named.hasContainers() ? withOthers(named) : sources(List.of(named));
        }
        LocatedFile imageTag = file(target.path() + "/" + IMAGE_TAG);
        if (imageTag != null) {
            return sources(List.of(imageTag));
        }
        LocatedFile kustomization = kustomization(target.path());
        if (kustomization != null && isPresent(kustomization)) {
            return sources(List.of(kustomization));
        }
        LocatedFile found = kustomization == null ? null : only(components(kustomization), "component");
        List<String> names = tree.list(target.path()).stream()
                .filter(entry -> !entry.folder())
                .map(FileTree.Entry::name)
                .toList();
        LocatedFile values = found == null ? values(names) : null;
        if (values != null) {
            return withOthers(values);
        }
        List<LocatedFile> manifests = found == null ? manifests(names) : List.of();
        if (!manifests.isEmpty()) {
            return sources(manifests);
        }
        LocatedFile base = found == null && kustomization != null ? BaseImages.file(tree, target.path()) : null;
        if (base != null) {
            return List.of(new ImageSource(kustomization, search, null, base));
        }
        if (found != null || !create) {
            return sources(List.of(orRefuse(found)));
        }
        return sources(List.of(kustomization == null ? orRefuse(ownValues()) : kustomization));
    }

    /** The files that match rules, each with its rules. */
    private List<ImageSource> ruled(boolean create) throws UserErrorException, IOException {
        List<ImageSource> there = new ArrayList<>();
        List<ImageSource> found = new ArrayList<>();
        for (Map.Entry<String, List<ImageRule>> rules :
                RuleFiles.find(tree, target).entrySet()) {
            LocatedFile file = file(rules.getKey());
            if (file != null) {
                ImageSearch ruled = new ImageSearch(List.of(), rules.getValue(), target.application());
                ImageSource source = new ImageSource(file, ruled, below(file));
                there.add(source);
                if (source.hasImages()) {
                    found.add(source);
                }
            }
        }
        if (!found.isEmpty()) {
            return found;
        }
        if (create && !there.isEmpty()) {
            return there.subList(0, 1);
        }
        String files = target.images().stream()
                .flatMap(rule -> RuleFiles.globs(target, rule).stream())
                .map(FileGlob::path)
                .distinct()
                .collect(Collectors.joining(", "));
        throw new UserErrorException(
                SourceLocation.of(Delivery.FILE),
                there.isEmpty()
                        ? "The files of the images of " + target + " are missing: " + files
                        : "No image of " + target + " is at the paths of images in " + files,
                "Write it there in Git first, or change images in " + Delivery.FILE);
    }

    private List<ImageSource> sources(List<LocatedFile> files) throws UserErrorException, IOException {
        List<ImageSource> sources = new ArrayList<>();
        for (LocatedFile file : files) {
            sources.add(new ImageSource(file, search, below(file)));
        }
        return sources;
    }

    /** The file, and the manifests next to it with any of its images, which must be edited together. */
    private List<ImageSource> withOthers(LocatedFile file) throws UserErrorException, IOException {
        List<ImageSource> sources = new ArrayList<>(sources(List.of(file)));
        if (target.applicationName() != null || !target.contains(file.name())) {
            // The other files of the folder may belong to another target.
            return sources;
        }
        Set<String> names = names(sources.get(0));
        List<String> beside = tree.list(target.path()).stream()
                .filter(entry -> !entry.folder())
                .map(FileTree.Entry::name)
                .filter(name -> !file.name().equals(target.path() + "/" + name))
                .toList();
        for (ImageSource other : sources(manifests(beside))) {
            if (names(other).stream().anyMatch(names::contains)) {
                sources.add(other);
            }
        }
        return sources;
    }

    private static Set<String> names(ImageSource source) throws UserErrorException, IOException {
        return source.images().stream().map(entry -> entry.image().name()).collect(Collectors.toSet());
    }

    /** The default values that a value file overrides: those next to it, or its chart's; null when there are none. */
    @CheckForNull
    private LocatedFile below(LocatedFile file) throws UserErrorException, IOException {
        String name = file.name().substring(file.name().lastIndexOf('/') + 1);
        if (!isValues(name) && !name.endsWith("-" + VALUES)) {
            return null;
        }
        String folder = TreePath.parent(file.name());
        LocatedFile beside = name.equals(VALUES) ? null : file(TreePath.child(folder, VALUES));
        for (int i = 0; i < MAX_PARENTS && beside == null && !folder.isEmpty(); i++) {
            if (tree.exists(TreePath.child(folder, CHART))) {
                String values = TreePath.child(folder, VALUES);
                return values.equals(file.name()) ? null : file(values);
            }
            folder = TreePath.parent(folder);
        }
        return beside;
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
                    entry.folder() || !TreePath.isYaml(entry.name()) ? null : file(target.path() + "/" + entry.name());
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
        for (String name : TreePath.KUSTOMIZATIONS) {
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

    /** The components with images inside the target's own folder; others may be shared with other targets. */
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

    /** The environment's own values file, or else the only one with an image; null when there is none. */
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

    /** All manifests with images, since the workloads of a target are often in separate files. */
    private List<LocatedFile> manifests(List<String> names) throws UserErrorException, IOException {
        List<LocatedFile> found = new ArrayList<>();
        for (String name : names) {
            LocatedFile file = TreePath.isYaml(name) ? file(target.path() + "/" + name) : null;
            if (file != null && file.hasContainers()) {
                found.add(file);
            }
        }
        if (found.size() > FileGlob.MAX_FILES) {
            throw new UserErrorException(
                    SourceLocation.of(target.path()),
                    "Images of " + target + " are set in " + found.size() + " files, and no more than "
                            + FileGlob.MAX_FILES + " are read",
                    "Name the files with images in " + Delivery.FILE);
        }
        return found;
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
        return file.hasImages(search);
    }

    private static boolean isValues(String name) {
        return name.startsWith("values") && TreePath.isYaml(name);
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
