package io.jenkins.plugins.gitops.core.argocd.client;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.List;
import java.util.Set;

/**
 * What a step waits for.
 *
 * @param repositoryKeys the URLs of the target's repository in the format of {@link
 *     io.jenkins.plugins.gitops.core.model.RepositoryKey#of}
 * @param commit 40 hex digits
 * @param images the images that the change set
 */
public record AwaitedCommit(Set<String> repositoryKeys, Target target, String commit, List<ImageReference> images) {
    public AwaitedCommit {
        images = List.copyOf(images);
    }
}
