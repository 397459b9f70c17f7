package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a promotion would do, at one revision, or at one revision of each of two branches.
 *
 * @param source where the images come from
 * @param destination where they go
 * @param promoted the images: all of the source, or those that were requested
 * @param sourceRevision the revision of the source that was read
 * @param approval the required approval; null when none is required
 */
public record PromotionPlan(
        Target source,
        Target destination,
        List<PromotedImage> promoted,
        String sourceRevision,
        @CheckForNull ApprovalPolicy approval) {

    public PromotionPlan {
        promoted = List.copyOf(promoted);
    }

    /** Plans the promotion of all images of the source. */
    public static PromotionPlan prepare(FileTree tree, String revision, String application, String from, String to)
            throws UserErrorException, IOException {
        return prepare(tree, revision, application, from, to, List.of());
    }

    /** Plans a promotion at a revision that has both targets. */
    public static PromotionPlan prepare(
            FileTree tree, String revision, String application, String from, String to, List<String> images)
            throws UserErrorException, IOException {
        return prepare(tree, revision, tree, application, from, to, images);
    }

    /**
     * Plans a promotion from one branch to another one.
     *
     * @param sourceTree files of the source's branch
     * @param sourceRevision revision of these files
     * @param tree files of the destination's branch; the same object if both are on one branch
     * @param images names of the images to promote, in the source or the destination; empty for all of the source
     * @throws UserErrorException when a target or an image is unknown, the destination is not promoted from the source,
     *     or it has no entry for an image
     */
    public static PromotionPlan prepare(
            FileTree sourceTree,
            String sourceRevision,
            FileTree tree,
            String application,
            String from,
            String to,
            List<String> images)
            throws UserErrorException, IOException {
        Delivery delivery = Delivery.load(tree);
        Environment destination = requireStep(delivery, from, to);
        Target source = (sourceTree == tree ? delivery : Delivery.load(sourceTree)).target(application, from);
        Target target = delivery.target(application, to);
        List<PromotedImage> promoted = new PromotionImages(sourceTree, tree, delivery, source, target).promoted(images);
        PromotionPlan plan = new PromotionPlan(source, target, promoted, sourceRevision, destination.approval());
        if (plan.isNeeded()) {
            // Check this first, so that no approval is requested for a promotion that cannot be written.
            delivery.changedWith(target, TargetImages.imageFiles(tree, target));
        }
        return plan;
    }

    /** Whether the two targets are on different branches. */
    public boolean isAcrossBranches() {
        return !Objects.equals(source.environmentBranch(), destination.environmentBranch());
    }

    /** The source by the current policy; one on another branch stays as it was read. */
    private Target source(Delivery delivery) throws UserErrorException, IOException {
        if (!isAcrossBranches()) {
            return delivery.target(source.application(), source.environment());
        }
        if (!Objects.equals(
                delivery.branchOf(source.application(), source.environment()), source.environmentBranch())) {
            throw new UserErrorException(
                    "The branch of " + source.id() + " has changed in " + Delivery.FILE
                            + " since the promotion was requested",
                    "Request the promotion again");
        }
        return source;
    }

    /** The same images, with the policy and the destination's state at another revision. */
    PromotionPlan at(FileTree tree) throws UserErrorException, IOException {
        Delivery delivery = Delivery.load(tree);
        Environment environment = requireStep(delivery, source.environment(), destination.environment());
        Target from = source(delivery);
        Target to = delivery.target(destination.application(), destination.environment());
        List<ImageReference> present = TargetImages.read(tree, to);
        List<PromotedImage> now = new ArrayList<>();
        for (PromotedImage image : promoted) {
            Optional<String> name = environment.imageNames().map(image.source().name());
            if (name.isPresent() && !name.get().equals(image.result().name())) {
                throw new UserErrorException(
                        "The promotion of " + to.id() + " was requested for " + image.result() + ", but "
                                + Delivery.FILE + " now gives the image the name " + name.get(),
                        "Request the promotion again");
            }
            now.add(new PromotedImage(image.source(), image.result(), named(present, image.result())));
        }
        return new PromotionPlan(from, to, now, sourceRevision, environment.approval());
    }

    @CheckForNull
    private static ImageReference named(List<ImageReference> images, ImageReference other) {
        return images.stream()
                .filter(image -> image.name().equals(other.name()))
                .findFirst()
                .orElse(null);
    }

    private static Environment requireStep(Delivery delivery, String from, String to)
            throws UserErrorException, IOException {
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
        return destination;
    }

    /** The new images of the destination. */
    public List<ImageReference> images() {
        return promoted.stream().map(PromotedImage::result).toList();
    }

    /** The images by their names in the source. */
    public List<ImageReference> sourceImages() {
        return promoted.stream().map(PromotedImage::source).toList();
    }

    /** The current images of the destination that are replaced. */
    public List<ImageReference> previous() {
        return promoted.stream()
                .map(PromotedImage::previous)
                .filter(Objects::nonNull)
                .toList();
    }

    /** False when the destination already has the images. */
    public boolean isNeeded() {
        return promoted.isEmpty() || promoted.stream().anyMatch(PromotedImage::isNeeded);
    }
}
