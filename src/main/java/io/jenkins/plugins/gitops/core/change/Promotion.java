package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.List;

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
public record Promotion(
        Target source,
        Target destination,
        List<ImageReference> images,
        List<ImageReference> previous,
        String sourceRevision,
        @CheckForNull ApprovalPolicy approval) {

    public Promotion {
        images = List.copyOf(images);
        previous = List.copyOf(previous);
    }

    /**
     * Looks at a revision.
     *
     * @throws RefusedException when a target is unknown, or the destination is not promoted from there
     */
    public static Promotion prepare(FileTree tree, String revision, String application, String from, String to)
            throws RefusedException, IOException {
        Delivery delivery = Delivery.load(tree);
        Environment destination = delivery.environment(to);
        delivery.environment(from);
        String only = destination.promoteFrom();
        if (only != null && !only.equals(from)) {
            throw new RefusedException(
                    to + " is promoted from " + only + ", not from " + from + " (" + Delivery.FILE + ")",
                    "Promote from " + only);
        }
        if (from.equals(to)) {
            throw new RefusedException("An environment cannot be promoted to itself: " + to, "Name two environments");
        }
        Target source = delivery.target(application, from);
        Target target = delivery.target(application, to);
        List<ImageReference> images = TargetImages.read(tree, source);
        List<String> names = images.stream().map(ImageReference::name).toList();
        List<ImageReference> previous = TargetImages.read(tree, target).stream()
                .filter(i -> names.contains(i.name()))
                .toList();
        return new Promotion(source, target, images, previous, revision, destination.approval());
    }

    /** False when the destination already holds the images. */
    public boolean isNeeded() {
        return !previous.containsAll(images);
    }
}
