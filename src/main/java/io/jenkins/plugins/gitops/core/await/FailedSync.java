package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import java.io.IOException;

/**
 * Evaluates a failed sync of the change. It fails the change only if it synced the newest state of the branch and did
 * not fail because of an infrastructure error.
 */
final class FailedSync {
    private final AgentSnapshot snapshot;
    private final ApplicationStatus status;
    private final GitFacts git;

    FailedSync(AgentSnapshot snapshot, GitFacts git) {
        this.snapshot = snapshot;
        this.status = snapshot.status();
        this.git = git;
    }

    /** @param operationState a failed sync of the whole application at a revision that includes the change */
    Verdict evaluate(OperationState operationState) throws IOException {
        String what = "sync of " + VerdictMessages.shortRevision(operationState.revision()) + " failed"
                + VerdictMessages.reasonSuffix(operationState.message())
                + VerdictMessages.listResources(status.resources());
        if (isInfrastructure(operationState)) {
            return new Verdict.Waiting(what + VerdictMessages.sinceSuffix(operationState.finishedAt())
                    + "; that is not a failure of the change, which must be synced again");
        }
        return isOfNewest(operationState)
                ? VerdictMessages.failed(status, what, snapshot.traits().failureConfirmation(operationState.retries()))
                : new Verdict.Waiting(what + VerdictMessages.supersededHint(git));
    }

    private boolean isInfrastructure(OperationState operationState) {
        return InfrastructureErrors.matches(operationState.message())
                || status.resources().stream()
                        .filter(r -> SyncState.of(r.sync()) != SyncState.SYNCED)
                        .anyMatch(r -> InfrastructureErrors.matches(r.message()));
    }

    /** Also true if a newer revision was compared and was already Synced, since the agent does not sync that again. */
    private boolean isOfNewest(OperationState operationState) throws IOException {
        String compared = status.comparedRevision();
        return git.isNewest(operationState.revision())
                || compared != null
                        && SyncState.of(status.sync()) == SyncState.SYNCED
                        && git.isAtOrAfterChange(compared)
                        && git.hasExpectedImages(compared)
                        && git.isNewest(compared);
    }
}
