package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;

/**
 * An environment and its policy.
 *
 * @param name for example {@code production}
 * @param promoteFrom the environment whose images may be promoted here; null when nothing is said
 * @param approval null when nobody has to approve
 * @param requireReason whether a change needs a reason
 * @param agent the only agent that may deploy it; null for any that reports a target's folder
 * @param branches which branches of a multibranch project may deliver
 * @param rollback who may roll back, and to what
 * @param image whether the images of a change have to be seen running before it counts as live
 * @param imageNames what images are called here that are promoted from elsewhere
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
    /** With the usual rules for branches, rollbacks and running images. */
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

    /** Of any agent. */
    public Environment(
            String name,
            @CheckForNull String promoteFrom,
            @CheckForNull ApprovalPolicy approval,
            boolean requireReason) {
        this(name, promoteFrom, approval, requireReason, null);
    }

    /** Without the need for a reason. */
    public Environment(String name, @CheckForNull String promoteFrom, @CheckForNull ApprovalPolicy approval) {
        this(name, promoteFrom, approval, false);
    }
}
