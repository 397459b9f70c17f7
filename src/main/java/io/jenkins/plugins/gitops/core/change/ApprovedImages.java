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
 * Which images of a target somebody approved: those that its approved promotions brought, and those that an administrator
 * names. A commit's word counts only where its files say the same.
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

    /** Whether going back to a state deploys nothing but what was approved. What stays as it is needs no approval. */
    boolean allow(ImageRestoration restoration) {
        String revision = restoration.state().revision();
        return restoration.images().stream()
                        .allMatch(image -> promoted.contains(image) || policy.isVerified(revision, List.of(image)))
                // What runs without an entry is said elsewhere, so only a person can know that it is good.
                && (restoration.removed().isEmpty() || policy.verified().contains(revision));
    }
}
