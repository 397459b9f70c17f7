package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;

/** A change that is planned and written only if its checks pass. */
record CheckedPlanner(ChangePlanner planner, ChangePlanner.TipCheck first, ChangePlanner.PlanCheck last)
        implements ChangePlanner {
    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        first.check(tip);
        ChangePlan plan = planner.plan(tip);
        last.check(tip, plan);
        return plan;
    }

    @Override
    @CheckForNull
    public OperationScope scope() {
        return planner.scope();
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return planner.isDoneBy(commit, operationId, revisionReader);
    }

    @Override
    public void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException, IOException {
        planner.requireSame(done, tip);
    }
}
