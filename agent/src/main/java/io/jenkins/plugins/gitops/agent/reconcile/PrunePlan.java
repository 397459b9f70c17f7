package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.util.List;

/**
 * The objects of an application that may be deleted now.
 *
 * @param allowed the objects that a sync deletes
 * @param held why pending deletions are withheld; null if they are not
 * @param confirmation requests a confirmation; null if none is needed
 * @param released whether withheld deletions are now allowed
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

    /** Whether the deletions only wait for the comparison of other applications. */
    boolean isUndecided() {
        return held != null && confirmation == null;
    }
}
