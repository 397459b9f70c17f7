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
 * @param target where
 * @param revision the commit that made the change, 40 hex digits
 * @param images what the change set; other images of the target may move on meanwhile. Empty: all that stood there then
 * @param healthy whether it must be healthy too; false: applied is enough
 * @param since when the change was written, or else the wait began: an error that stood before is not its error
 * @param stableFor for how long it must be seen live without a break; zero: once is enough
 * @param image whether the images have to be seen running
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

    /** With the usual policy of images. */
    public Expectation(
            Target target,
            String revision,
            List<ImageReference> images,
            boolean healthy,
            Instant since,
            Duration stableFor) {
        this(target, revision, images, healthy, since, stableFor, ImagePolicy.WHERE_SEEN);
    }

    /** One that has waited for ever and takes the first sight. */
    public Expectation(Target target, String revision, List<ImageReference> images, boolean healthy) {
        this(target, revision, images, healthy, Instant.EPOCH, Duration.ZERO);
    }
}
