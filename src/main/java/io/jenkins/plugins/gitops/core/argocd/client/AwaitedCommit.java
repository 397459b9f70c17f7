package io.jenkins.plugins.gitops.core.argocd.client;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.List;
import java.util.Set;

/**
 * What somebody waits for.
 *
 * @param repositoryKeys the target's repository, as {@link io.jenkins.plugins.gitops.core.model.RepositoryKey#of} writes
 *     all its URLs
 * @param commit 40 hex digits
 * @param images those that the change set
 */
public record AwaitedCommit(Set<String> repositoryKeys, Target target, String commit, List<ImageReference> images) {
    public AwaitedCommit {
        images = List.copyOf(images);
    }
}
