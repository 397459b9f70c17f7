package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;

/** The intent of a change. It is planned again on each new tip, so that the result always fits the tip. */
@FunctionalInterface
public interface ChangePlanner {
    /** @throws UserErrorException when the change is not (or no longer) possible on this tip */
    ChangePlan plan(BranchTip tip) throws UserErrorException, IOException;

    /** The scope within which the change's operation id is unique; null for an id that is unique everywhere. */
    @CheckForNull
    default OperationScope scope() {
        return null;
    }

    /**
     * Whether a commit of the branch whose trailers name this operation really made this change. Trailers can be
     * forged, so its files must agree.
     *
     * @param operationId of the change
     * @param revisionReader reads the files of the commit
     * @throws IOException when the clone cannot be read
     */
    default boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return true;
    }

    /**
     * Rejects the change if the operation id was used for another change in the same scope.
     *
     * @param done the result of the earlier operation
     * @param tip the current tip
     * @throws UserErrorException which names the earlier change
     * @throws IOException when the tip cannot be read
     */
    default void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException, IOException {}

    /** A precondition for planning on a tip. */
    @FunctionalInterface
    interface TipCheck {
        /** @throws UserErrorException when nothing may be planned on this tip */
        void check(BranchTip tip) throws UserErrorException, IOException;
    }

    /** A condition for a plan on a tip, in addition to those of its planner. */
    @FunctionalInterface
    interface PlanCheck {
        /** @throws UserErrorException when the plan may not be written */
        void check(BranchTip tip, ChangePlan plan) throws UserErrorException, IOException;
    }

    /** The same change, planned only if a check passes. */
    default ChangePlanner after(TipCheck check) {
        return new CheckedPlanner(this, check, (tip, plan) -> {});
    }

    /** The same change, written only if its plan passes a check. */
    default ChangePlanner before(PlanCheck check) {
        return new CheckedPlanner(this, tip -> {}, check);
    }
}
