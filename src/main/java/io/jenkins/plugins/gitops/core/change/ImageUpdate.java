package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The images of one target before and after a change, as files and as trailers. */
final class ImageUpdate {
    private final FileTree tree;
    private final Target target;
    private final boolean create;
    private final List<ImageEntry> entries;
    private final Map<String, ImageReference> after = new LinkedHashMap<>();

    /** @param create whether to add an entry for an image that has none */
    ImageUpdate(FileTree tree, Target target, boolean create) throws UserErrorException, IOException {
        this.tree = tree;
        this.target = target;
        this.create = create;
        this.entries = read(tree, target, create);
    }

    private static List<ImageEntry> read(FileTree tree, Target target, boolean create)
            throws UserErrorException, IOException {
        try {
            return TargetImages.entries(tree, target);
        } catch (UserErrorException e) {
            if (create) {
                // No image is set yet, which is the purpose of create; a broken file is rejected when it is edited.
                return List.of();
            }
            throw e;
        }
    }

    /** The names that a request without one can mean; none while nothing is set. */
    List<String> names() throws UserErrorException, IOException {
        return entries.isEmpty() && !create
                ? TargetImages.names(tree, target)
                : entries.stream().map(entry -> entry.image().name()).toList();
    }

    List<ImageReference> before() {
        return entries.stream().map(ImageEntry::image).toList();
    }

    /**
     * Renames the image to the name under which it runs, if its entry has another name. If the target has only one
     * image and its name is unknown, it is that image.
     */
    ImageReference resolveName(ImageReference image) {
        List<String> names = entries.stream()
                .filter(entry ->
                        entry.key().equals(image.name()) || entry.image().name().equals(image.name()))
                .map(entry -> entry.image().name())
                .toList();
        if (names.isEmpty() && entries.size() == 1 && !entries.get(0).named()) {
            return new ImageReference(entries.get(0).image().name(), image.tag(), image.digest());
        }
        return names.size() == 1 ? new ImageReference(names.get(0), image.tag(), image.digest()) : image;
    }

    ImageUpdate set(ImageReference image) {
        after.put(image.name(), image);
        return this;
    }

    ImageUpdate setAll(List<ImageReference> images) {
        images.forEach(this::set);
        return this;
    }

    /** The new content of the files that contain the images. */
    Map<String, byte[]> files() throws UserErrorException, IOException {
        return TargetImages.set(tree, target, List.copyOf(after.values()), create);
    }

    /**
     * Warnings about images that get their first entry.
     *
     * @param files as {@link #files} gave them
     * @throws UserErrorException when the entry would change nothing
     */
    List<String> checkNew(Map<String, byte[]> files) throws UserErrorException, IOException {
        List<String> known = before().stream().map(ImageReference::name).toList();
        List<ImageReference> added = after.values().stream()
                .filter(image -> create && !known.contains(image.name()))
                .toList();
        return new NewImageCheck(tree, target).requireUse(files, added);
    }

    /** Whether the files already have this content, so that there is nothing to write. */
    boolean matches(Map<String, byte[]> files) throws UserErrorException, IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!Arrays.equals(tree.read(file.getKey()).orElse(null), file.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** The names of the images whose value changes. */
    List<String> changed() {
        return after.values().stream()
                .filter(image -> !before().contains(image))
                .map(ImageReference::name)
                .toList();
    }

    /** Adds one {@code Gitops-Image} trailer for each requested image: {@code old -> new}. */
    Trailers addTo(Trailers trailers) {
        Trailers result = trailers;
        for (ImageReference image : after.values()) {
            ImageReference old = before().stream()
                    .filter(b -> b.name().equals(image.name()))
                    .findFirst()
                    .orElse(null);
            result = result.with(Trailers.IMAGE, new ImageChange(old, image).toString());
        }
        return result;
    }

    /** A short description for the subject line: the tags, or digests where there is no tag. */
    String summary() {
        List<String> versions = new ArrayList<>();
        for (ImageReference image : after.values()) {
            String version = image.tag() != null ? image.tag() : image.digest();
            if (!versions.contains(version)) {
                versions.add(version);
            }
        }
        return String.join(", ", versions);
    }
}
