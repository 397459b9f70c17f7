package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Target;

/**
 * Where a change comes from; goes into its trailers.
 *
 * @param operationId the same operation never commits twice
 * @param build what made it, for example a build's URL; null outside a build
 * @param requestedBy id of the person who asked
 * @param reason why; null when none was given
 */
public record Origin(
        String operationId,
        @CheckForNull String build,
        String requestedBy,
        @CheckForNull String reason) {

    /** Whether the trailers are those of an operation on this target. */
    static boolean isOf(Trailers trailers, Target target) {
        return trailers.first(Trailers.OPERATION).isPresent()
                && trailers.all(Trailers.TARGET).contains(target.id());
    }

    boolean hasReason() {
        return reason != null && !reason.isBlank();
    }

    Trailers trailers(Target target) {
        Trailers trailers =
                Trailers.none().with(Trailers.OPERATION, operationId).with(Trailers.TARGET, target.id());
        if (build != null) {
            trailers = trailers.with(Trailers.BUILD, build);
        }
        trailers = trailers.with(Trailers.REQUESTED_BY, requestedBy);
        return hasReason() ? trailers.with(Trailers.REASON, reason) : trailers;
    }
}
