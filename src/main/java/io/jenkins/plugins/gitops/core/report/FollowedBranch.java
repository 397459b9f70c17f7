package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.regex.Pattern;

/** Which branch an application deploys. */
public final class FollowedBranch {
    private static final String HEADS = "refs/heads/";
    private static final Pattern REVISION = Pattern.compile("[0-9a-f]{40}");

    private FollowedBranch() {}

    /** The short name of the branch or tag, or a commit; null when it is not known, as for the default branch. */
    @CheckForNull
    public static String of(ApplicationStatus status) {
        String branch = status.details().branch();
        if (branch == null || branch.isEmpty() || branch.equals("HEAD")) {
            return null;
        }
        return branch.startsWith(HEADS) ? branch.substring(HEADS.length()) : branch;
    }

    /** Whether a name is that of one commit. */
    public static boolean isCommit(String name) {
        return REVISION.matcher(name).matches();
    }

    /**
     * Whether an application may deploy a target by the branch that it follows: if one folder is a different target on each
     * branch, an application that follows another target's branch may not. An object that {@code gitops.yaml} names may deploy
     * it, regardless of the branch.
     */
    static boolean mayBeOf(Target target, ApplicationStatus status) {
        AgentReference by = target.agent();
        if (by != null && by.object() != null) {
            return true;
        }
        TreeBranch on = target.branch();
        String followed = on == null || on.name() == null ? null : of(status);
        return followed == null || isCommit(followed) || followed.equals(on.name());
    }
}
