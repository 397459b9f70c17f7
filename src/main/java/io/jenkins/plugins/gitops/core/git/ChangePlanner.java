package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;

/** The intent of a change. It is asked again on each new tip, so that what is written fits what it is written on. */
@FunctionalInterface
public interface ChangePlanner {
    /** @throws UserErrorException when the change does not fit there (any more) */
    ChangePlan plan(BranchTip tip) throws UserErrorException, IOException;

    /** Within what the change's operation id is unique; null for one that is unique everywhere. */
    @CheckForNull
    default OperationScope scope() {
        return null;
    }

    /**
     * Whether a commit of the branch that says that it is of this change's operation did the change. Anybody can write what a
     * commit says, so what counts is whether its files agree.
     *
     * @param operationId of the change
     * @param revisionReader to look at the commit's files
     * @throws IOException when the clone cannot be read
     */
    default boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return true;
    }

    /**
     * Refuses when the operation was used for another change in the same scope.
     *
     * @param done what became of the operation before
     * @param tip as it is now
     * @throws UserErrorException which names what that was
     * @throws IOException when the tip cannot be read
     */
    default void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException, IOException {}

    /** What has to hold on a tip before anything is planned on it. */
    @FunctionalInterface
    interface TipCheck {
        /** @throws UserErrorException when nothing may be planned there */
        void check(BranchTip tip) throws UserErrorException, IOException;
    }

    /** What has to hold for a plan on a tip, beyond what its planner asks. */
    @FunctionalInterface
    interface PlanCheck {
        /** @throws UserErrorException when the plan may not be written */
        void check(BranchTip tip, ChangePlan plan) throws UserErrorException, IOException;
    }

    /** The same change, planned only where a check passes. */
    default ChangePlanner after(TipCheck check) {
        return new CheckedPlanner(this, check, (tip, plan) -> {});
    }

    /** The same change, written only where its plan passes a check. */
    default ChangePlanner before(PlanCheck check) {
        return new CheckedPlanner(this, tip -> {}, check);
    }
}
