package io.jenkins.plugins.gitops.status.argocd;

import io.jenkins.plugins.gitops.core.model.Target;
import java.util.Set;

/**
 * What somebody waits for.
 *
 * @param keys the target's repository, as {@link io.jenkins.plugins.gitops.config.RepositoryUrl#key} writes its URLs
 * @param commit 40 hex digits
 */
record Awaited(Set<String> keys, Target target, String commit) {
    /** One of the keys, to tell news by. */
    String key() {
        return keys.iterator().next();
    }
}
