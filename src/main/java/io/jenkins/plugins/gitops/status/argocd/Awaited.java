package io.jenkins.plugins.gitops.status.argocd;

import io.jenkins.plugins.gitops.core.model.Target;

/**
 * What somebody waits for.
 *
 * @param key the target's repository, as {@link io.jenkins.plugins.gitops.config.RepositoryUrl#key} writes its URL
 * @param commit 40 hex digits
 */
record Awaited(String key, Target target, String commit) {}
