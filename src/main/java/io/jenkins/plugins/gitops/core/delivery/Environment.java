package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;

/**
 * An environment and its policy.
 *
 * @param name for example {@code production}
 * @param promoteFrom the environment whose images may be promoted here; null when not set
 * @param approval null when no approval is required
 * @param requireReason whether a change requires a reason
 * @param agent the only agent that may deploy it; null for any agent that reports a target's folder
 * @param branches of multibranch projects that may deliver
 * @param rollback who may roll back, and to what
 * @param image whether the images of a change must be seen running before the change counts as live
 * @param imageNames names in this environment of images that are promoted from another one
 */
public record Environment(
        String name,
        @CheckForNull String promoteFrom,
        @CheckForNull ApprovalPolicy approval,
        boolean requireReason,
        @CheckForNull AgentSelector agent,
        BranchPolicy branches,
        RollbackPolicy rollback,
        ImagePolicy image,
        ImageNameMapping imageNames) {
    /** With default rules for branches, rollbacks and running images. */
    public Environment(
            String name,
            @CheckForNull String promoteFrom,
            @CheckForNull ApprovalPolicy approval,
            boolean requireReason,
            @CheckForNull AgentSelector agent) {
        this(
                name,
                promoteFrom,
                approval,
                requireReason,
                agent,
                BranchPolicy.DEFAULT,
                RollbackPolicy.DEFAULT,
                ImagePolicy.WHERE_SEEN,
                ImageNameMapping.NONE);
    }

    /** Deployed by any agent. */
    public Environment(
            String name,
            @CheckForNull String promoteFrom,
            @CheckForNull ApprovalPolicy approval,
            boolean requireReason) {
        this(name, promoteFrom, approval, requireReason, null);
    }

    /** Without required reasons. */
    public Environment(String name, @CheckForNull String promoteFrom, @CheckForNull ApprovalPolicy approval) {
        this(name, promoteFrom, approval, false);
    }
}
