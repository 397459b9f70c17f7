package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * An environment and its policy.
 *
 * @param name for example {@code production}
 * @param promoteFrom the environment whose images may be promoted here; null when nothing is said
 * @param approval null when nobody has to approve
 */
public record Environment(
        String name,
        @CheckForNull String promoteFrom,
        @CheckForNull ApprovalPolicy approval) {}
