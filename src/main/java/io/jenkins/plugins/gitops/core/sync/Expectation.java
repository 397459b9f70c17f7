package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.List;

/**
 * What a wait waits for.
 *
 * @param target where
 * @param revision the commit that made the change, 40 hex digits
 * @param images what the change set; other images of the target may move on meanwhile. Empty: all that stood there then
 * @param healthy whether it must be healthy too; false: applied is enough
 */
public record Expectation(Target target, String revision, List<ImageReference> images, boolean healthy) {
    public Expectation {
        images = List.copyOf(images);
    }
}
