package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Operation;
import java.io.IOException;

/**
 * What a failed sync of the change means. It is proof of a failure only when it is of the newest state of the branch, and not
 * by an error of the infrastructure.
 */
final class FailedSync {
    private final Snapshot snapshot;
    private final ApplicationStatus status;
    private final GitFacts git;

    FailedSync(Snapshot snapshot, GitFacts git) {
        this.snapshot = snapshot;
        this.status = snapshot.status();
        this.git = git;
    }

    /** @param operation a failed one, of the whole application at a revision that includes the change */
    Verdict judge(Operation operation) throws IOException {
        String what = "sync of " + Texts.brief(operation.revision()) + " failed" + Texts.because(operation.message())
                + Texts.progress(status.resources());
        if (isInfrastructure(operation)) {
            return new Verdict.Waiting(what + Texts.since(operation.finishedAt())
                    + "; that is no failure of the change, which has to be synced again");
        }
        return isOfNewest(operation)
                ? Texts.failed(status, what, snapshot.traits().failureConfirmation(operation.retries()))
                : new Verdict.Waiting(what + Texts.untried(git));
    }

    private boolean isInfrastructure(Operation operation) {
        return InfrastructureErrors.matches(operation.message())
                || status.resources().stream()
                        .filter(r -> SyncState.of(r.sync()) != SyncState.SYNCED)
                        .anyMatch(r -> InfrastructureErrors.matches(r.message()));
    }

    /** A state that was compared and found applied already is not synced again. */
    private boolean isOfNewest(Operation operation) throws IOException {
        String compared = status.comparedRevision();
        return git.isNewest(operation.revision())
                || compared != null
                        && SyncState.of(status.sync()) == SyncState.SYNCED
                        && git.includes(compared)
                        && git.holds(compared)
                        && git.isNewest(compared);
    }
}
