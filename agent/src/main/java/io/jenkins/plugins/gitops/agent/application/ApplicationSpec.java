package io.jenkins.plugins.gitops.agent.application;

import java.util.List;

/**
 * What an application wants.
 *
 * @param path folder in the repository
 * @param namespace where resources without a namespace go
 * @param automated whether a new revision is applied unasked
 * @param prune whether what Git no longer holds is deleted
 * @param selfHeal whether drift is taken back
 * @param allowEmpty whether a revision without any resource may prune everything
 * @param createNamespace whether the namespace is made when it is missing
 * @param propagation what deleting does with dependents: {@code foreground}, {@code background} or {@code orphan}
 * @param resourceOptions sync options of every resource that does not say otherwise
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
