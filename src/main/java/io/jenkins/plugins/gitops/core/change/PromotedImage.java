package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;

/**
 * One image of a promotion. Source and destination may pull it from different registries: the destination keeps its name, and
 * takes over tag and digest. A digest identifies the content, so a copy in another registry has the same one.
 *
 * @param source as the source has it
 * @param result as the destination will have it
 * @param previous as the destination has it
 */
public record PromotedImage(
        ImageReference source,
        ImageReference result,
        @CheckForNull ImageReference previous) {

    /** An image that both pull by the same name. */
    public static PromotedImage of(ImageReference image, @CheckForNull ImageReference previous) {
        return new PromotedImage(image, image, previous);
    }

    static PromotedImage of(ImageReference source, ImageReference previous, String name) {
        return new PromotedImage(source, new ImageReference(name, source.tag(), source.digest()), previous);
    }

    /** Whether the destination has another image than it is to have. */
    boolean isNeeded() {
        return !result.equals(previous);
    }
}
