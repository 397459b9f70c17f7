package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.change.ImageHistory.ImageVersion;
import io.jenkins.plugins.gitops.core.delivery.RollbackPolicy;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The images of a target that were approved: those of its approved promotions, and those that an administrator lists.
 * Trailers of a commit count only where its files agree.
 */
final class ApprovedImages {
    private final Set<ImageReference> promoted = new HashSet<>();
    private final RollbackPolicy policy;

    /** @param history of the target, in any order */
    ApprovedImages(List<ImageVersion> history, RollbackPolicy policy) {
        this.policy = policy;
        for (ImageVersion imageVersion : history) {
            if (isApprovedPromotion(imageVersion)) {
                List<ImageReference> said = ImageChange.of(imageVersion.commit().trailers()).stream()
                        .map(ImageChange::to)
                        .toList();
                imageVersion.images().stream().filter(said::contains).forEach(promoted::add);
            }
        }
    }

    private static boolean isApprovedPromotion(ImageVersion imageVersion) {
        Trailers trailers = imageVersion.commit().trailers();
        Optional<String> requester = trailers.first(Trailers.REQUESTED_BY);
        return imageVersion.own()
                && !imageVersion.rollback()
                && trailers.first(Trailers.PROMOTED_FROM).isPresent()
                && trailers.all(Trailers.APPROVED_BY).stream()
                        .anyMatch(approver -> requester.isEmpty() || !approver.equalsIgnoreCase(requester.get()));
    }

    /** Whether restoring a state deploys only approved images. Images that do not change need no approval. */
    boolean allow(ImageRestoration restoration) {
        String revision = restoration.state().revision();
        return restoration.images().stream()
                        .allMatch(image -> promoted.contains(image) || policy.isVerified(revision, List.of(image)))
                // An image without an entry is set elsewhere, so only an administrator can confirm that it is approved.
                && (restoration.removed().isEmpty() || policy.verified().contains(revision));
    }
}
