package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.change.ImageHistory.ImageVersion;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.FileSetVersion;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The changes that restore an earlier state of a target's images.
 *
 * @param state the earlier state
 * @param present the current images
 * @param images those of the earlier state whose value is restored
 * @param removed current images that the earlier state did not have
 * @param missing images of the earlier state that the file no longer lists; they are skipped, since their containers
 *     were removed, too
 * @param base a version of the files without the removed images
 */
record ImageRestoration(
        ImageVersion state,
        List<ImageReference> present,
        List<ImageReference> images,
        List<ImageReference> removed,
        List<ImageReference> missing,
        FileSetVersion base) {
    ImageRestoration {
        present = List.copyOf(present);
        images = List.copyOf(images);
        removed = List.copyOf(removed);
        missing = List.copyOf(missing);
    }

    static ImageRestoration of(List<ImageReference> present, ImageVersion state) {
        List<ImageReference> images = new ArrayList<>();
        List<ImageReference> missing = new ArrayList<>();
        for (ImageReference image : state.images()) {
            if (!isNamed(present, image)) {
                missing.add(image);
            } else if (!present.contains(image)) {
                images.add(image);
            }
        }
        List<ImageReference> removed = present.stream()
                .filter(image -> !isNamed(state.images(), image))
                .toList();
        return new ImageRestoration(state, present, images, removed, missing, state.version());
    }

    ImageRestoration withBase(FileSetVersion other) {
        return new ImageRestoration(state, present, images, removed, missing, other);
    }

    private static boolean isNamed(List<ImageReference> images, ImageReference other) {
        return images.stream().anyMatch(image -> image.name().equals(other.name()));
    }

    /** Whether the target already has that state, so that there is nothing to write. */
    boolean isNoop() {
        return images.isEmpty() && removed.isEmpty();
    }

    /** The new content of the files that contain the images. */
    Map<String, byte[]> files(FileTree tree, Target target) throws UserErrorException, IOException {
        return TargetImages.restore(tree, target, images, removed, base::content);
    }

    /** Adds one {@code Gitops-Image} trailer for each image that changes. */
    Trailers addTo(Trailers trailers) {
        Trailers result = trailers;
        for (ImageReference image : images) {
            ImageReference old = present.stream()
                    .filter(p -> p.name().equals(image.name()))
                    .findFirst()
                    .orElse(null);
            result = result.with(Trailers.IMAGE, new ImageChange(old, image).toString());
        }
        for (ImageReference image : removed) {
            result = result.with(Trailers.IMAGE, new ImageChange(image, null).toString());
        }
        return result;
    }

    /** A short description for the subject line. */
    String summary() {
        List<String> parts = new ArrayList<>();
        if (!images.isEmpty() || removed.isEmpty()) {
            parts.add("roll back to " + versions(images.isEmpty() ? state.images() : images));
        }
        if (!removed.isEmpty()) {
            parts.add(
                    "remove image " + removed.stream().map(ImageReference::name).collect(Collectors.joining(", ")));
        }
        return String.join(", ", parts);
    }

    /** The tags, or digests where there is no tag. */
    static String versions(List<ImageReference> images) {
        return images.stream()
                .map(image -> image.tag() != null ? image.tag() : image.digest())
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
