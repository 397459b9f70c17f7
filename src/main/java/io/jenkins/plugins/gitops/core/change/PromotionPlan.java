package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a promotion would do, seen at one revision.
 *
 * @param source where the images come from
 * @param destination where they go
 * @param images all images of the source
 * @param previous what the destination holds now, same names only
 * @param sourceRevision the revision that was looked at
 * @param approval who must say yes; null when nobody has to
 */
public record PromotionPlan(
        Target source,
        Target destination,
        List<ImageReference> images,
        List<ImageReference> previous,
        String sourceRevision,
        @CheckForNull ApprovalPolicy approval) {

    private static final String WAY_OUT =
            "Set its image with gitopsSetImage first, with create: true where it has no entry";

    public PromotionPlan {
        images = List.copyOf(images);
        previous = List.copyOf(previous);
    }

    /**
     * Looks at a revision.
     *
     * @throws UserErrorException when a target is unknown, or the destination is not promoted from there
     */
    public static PromotionPlan prepare(FileTree tree, String revision, String application, String from, String to)
            throws UserErrorException, IOException {
        Delivery delivery = Delivery.load(tree);
        Environment destination = delivery.environment(to);
        delivery.environment(from);
        String only = destination.promoteFrom();
        if (only != null && !only.equals(from)) {
            throw new UserErrorException(
                    to + " is promoted from " + only + ", not from " + from + " (" + Delivery.FILE + ")",
                    "Promote from " + only);
        }
        if (from.equals(to)) {
            throw new UserErrorException("An environment cannot be promoted to itself: " + to, "Name two environments");
        }
        Target source = delivery.target(application, from);
        Target target = delivery.target(application, to);
        List<ImageReference> images = TargetImages.read(tree, source);
        requireSet(tree, source, target, images);
        List<String> names = images.stream().map(ImageReference::name).toList();
        List<ImageReference> previous = TargetImages.read(tree, target).stream()
                .filter(i -> names.contains(i.name()))
                .toList();
        if (!previous.containsAll(images)) {
            // Before anybody is asked for an approval that could not be used.
            delivery.changedWith(target, List.of(TargetImages.imageFile(tree, target)));
        }
        return new PromotionPlan(source, target, images, previous, revision, destination.approval());
    }

    /** What the source leaves to a chart's defaults or to its manifests cannot be copied, and nothing says so later. */
    private static void requireSet(FileTree tree, Target source, Target target, List<ImageReference> images)
            throws UserErrorException, IOException {
        Map<String, SourceLocation> unset = TargetImages.unset(tree, source);
        if (images.isEmpty() && unset.isEmpty()) {
            throw new UserErrorException(
                    SourceLocation.of(TargetImages.imageFile(tree, source)),
                    source.id() + " sets no image here, so there is nothing to promote to " + target.id(),
                    WAY_OUT);
        }
        for (ImageEntry entry : TargetImages.entries(tree, target)) {
            SourceLocation place = unset.get(entry.key());
            if (place != null) {
                throw new UserErrorException(
                        place,
                        source.id() + " sets no tag of image " + entry.key() + " here, and " + target.id() + " sets "
                                + entry.image(),
                        WAY_OUT);
            }
        }
        if (images.isEmpty()) {
            throw new UserErrorException(
                    unset.values().iterator().next(),
                    source.id() + " sets no tag of an image here, so there is nothing to promote to " + target.id(),
                    WAY_OUT);
        }
    }

    /** False when the destination already holds the images. */
    public boolean isNeeded() {
        return images.isEmpty() || !previous.containsAll(images);
    }
}
