package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;

/** A change that is planned and written only where its checks pass. */
record CheckedPlanner(ChangePlanner planner, ChangePlanner.Check first, ChangePlanner.PlanCheck last)
        implements ChangePlanner {
    @Override
    public Plan plan(Tip tip) throws RefusedException, IOException {
        first.check(tip);
        Plan plan = planner.plan(tip);
        last.check(tip, plan);
        return plan;
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, Revisions revisions) throws IOException {
        return planner.isDoneBy(commit, operationId, revisions);
    }

    @Override
    public void requireSame(ChangeResult done, Tip tip) throws RefusedException, IOException {
        planner.requireSame(done, tip);
    }
}
