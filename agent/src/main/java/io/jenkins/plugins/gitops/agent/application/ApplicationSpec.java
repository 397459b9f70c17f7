package io.jenkins.plugins.gitops.agent.application;

import java.util.List;

/**
 * The spec of an application.
 *
 * @param path folder in the repository
 * @param namespace the namespace of resources that have none
 * @param automated whether a new revision is applied automatically
 * @param prune whether resources that were removed from Git are deleted
 * @param selfHeal whether drift is corrected
 * @param allowEmpty whether a revision without any resources may prune everything
 * @param createNamespace whether the namespace is created if it is missing
 * @param propagation the deletion propagation policy: {@code foreground}, {@code background} or {@code orphan}
 * @param resourceOptions default sync options of all resources
 */
public record ApplicationSpec(
        String path,
        String namespace,
        boolean automated,
        boolean prune,
        boolean selfHeal,
        boolean allowEmpty,
        boolean createNamespace,
        String propagation,
        RetryPolicy retry,
        List<IgnoreDifferenceRule> ignoreDifferences,
        ResourceOptions resourceOptions) {
    public ApplicationSpec {
        ignoreDifferences = List.copyOf(ignoreDifferences);
    }
}
