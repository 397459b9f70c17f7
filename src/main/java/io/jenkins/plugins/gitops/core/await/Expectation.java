package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a wait waits for.
 *
 * @param target the target of the change
 * @param revision the commit that made the change, 40 hex digits
 * @param images the images that the change set; other images of the target may change meanwhile. Empty: all images of
 *     the target at that commit
 * @param healthy whether the target must be healthy; false: it is enough that the change is applied
 * @param since when the change was written or, if that is unknown, the wait started; earlier errors do not concern the
 *     change
 * @param stableFor how long the change must be live without interruption; zero: one observation is enough
 * @param image whether the images must be observed running
 */
public record Expectation(
        Target target,
        String revision,
        List<ImageReference> images,
        boolean healthy,
        Instant since,
        Duration stableFor,
        ImagePolicy image) {
    public Expectation {
        images = List.copyOf(images);
    }

    /** Creates an expectation with the default image policy. */
    public Expectation(
            Target target,
            String revision,
            List<ImageReference> images,
            boolean healthy,
            Instant since,
            Duration stableFor) {
        this(target, revision, images, healthy, since, stableFor, ImagePolicy.WHERE_SEEN);
    }

    /** An expectation with no start time and no stability window. */
    public Expectation(Target target, String revision, List<ImageReference> images, boolean healthy) {
        this(target, revision, images, healthy, Instant.EPOCH, Duration.ZERO);
    }
}
