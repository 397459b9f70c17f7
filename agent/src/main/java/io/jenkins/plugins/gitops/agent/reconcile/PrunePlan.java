package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.util.List;

/**
 * What of an application may be deleted now.
 *
 * @param allowed what a sync deletes
 * @param held why it deletes nothing although there is something to delete; null when it need not wait
 * @param confirmation asks a person to confirm; null when nobody has to
 * @param released whether deletions that had to wait need not wait any more
 */
record PrunePlan(
        List<ResourceState> allowed,
        @CheckForNull String held,
        @CheckForNull ApplicationCondition confirmation,
        boolean released) {
    static final PrunePlan NOTHING = new PrunePlan(List.of(), null, null, false);

    PrunePlan {
        allowed = List.copyOf(allowed);
    }

    /** Whether the deletions wait for the comparison of other applications, which is soon over. */
    boolean isUndecided() {
        return held != null && confirmation == null;
    }
}
