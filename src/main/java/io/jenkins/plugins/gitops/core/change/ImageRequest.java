package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;

/**
 * An image as requested by a user.
 *
 * @param image name without tag; null for the target's only image
 * @param tag null when only a digest is requested
 * @param digest null when only a tag is requested
 */
public record ImageRequest(
        @CheckForNull String image,
        @CheckForNull String tag,
        @CheckForNull String digest) {

    /**
     * Parses {@code name:tag}, {@code name@digest} or {@code name:tag@digest}.
     *
     * @throws UserErrorException when it is malformed, or has neither tag nor digest
     */
    public static ImageRequest parse(String reference) throws UserErrorException {
        ImageReference image = ImageReference.parse(reference);
        return new ImageRequest(image.name(), image.tag(), image.digest());
    }

    /** Whether an image is the requested one, by its name or as the only image. */
    boolean isSatisfiedBy(ImageReference brought) {
        return (image == null || image.equals(brought.name()))
                && (tag == null || tag.equals(brought.tag()))
                && (digest == null || digest.equals(brought.digest()));
    }

    /**
     * The image to write, validated.
     *
     * @param present names of the current images of the target
     * @throws UserErrorException when no name was given and the target does not have exactly one image, or it is
     *     malformed
     */
    ImageReference resolve(String target, List<String> present) throws UserErrorException {
        if (image != null) {
            return ImageReference.of(image, tag, digest);
        }
        // A name with several values is rejected later, with their locations.
        List<String> names = present.stream().distinct().toList();
        if (names.size() != 1) {
            throw new UserErrorException(
                    target + " has " + names.size() + " images"
                            + (names.isEmpty() ? "" : ": " + String.join(", ", names)),
                    "Select one with image");
        }
        return ImageReference.of(names.get(0), tag, digest);
    }
}
