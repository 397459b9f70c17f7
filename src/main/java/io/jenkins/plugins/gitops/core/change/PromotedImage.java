package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;

/**
 * One image of a promotion. Source and destination may pull it from different registries: the destination keeps its
 * name and gets the tag and digest. A digest identifies the content, so it is the same for a copy in another registry.
 *
 * @param source the image in the source
 * @param result the new image of the destination
 * @param previous the current image of the destination
 */
public record PromotedImage(
        ImageReference source,
        ImageReference result,
        @CheckForNull ImageReference previous) {

    /** An image with the same name in both. */
    public static PromotedImage of(ImageReference image, @CheckForNull ImageReference previous) {
        return new PromotedImage(image, image, previous);
    }

    static PromotedImage of(ImageReference source, ImageReference previous, String name) {
        return new PromotedImage(source, new ImageReference(name, source.tag(), source.digest()), previous);
    }

    /** Whether the destination must be changed. */
    boolean isNeeded() {
        return !result.equals(previous);
    }
}
