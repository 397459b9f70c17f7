package io.jenkins.plugins.gitops.core.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a change is live: by ancestry, by value and by health that was observed after the sync. A function of what Git
 * and the agent say. Nothing that is merely old, unknown or silent ever counts as a success.
 */
public final class AwaitDecision {
    private static final int SHORT = 8;

    private AwaitDecision() {}

    /**
     * @param snapshots what agents say about the target's path; more than one means that two agents claim it
     * @param now for what only time decides
     * @throws IOException when the clone cannot be read
     */
    public static Verdict decide(Expectation expectation, List<Snapshot> snapshots, GitFacts git, Instant now)
            throws IOException {
        Verdict seen = snapshots.size() == 1
                ? ofSnapshot(expectation, snapshots.get(0), git)
                : new Verdict.Waiting(unclear(expectation, snapshots));
        if (!(seen instanceof Verdict.Waiting)) {
            return seen;
        }
        Verdict gone = ofHistory(expectation, git);
        return gone == null ? seen : gone;
    }

    private static String unclear(Expectation expectation, List<Snapshot> snapshots) {
        String path = expectation.target().path();
        String application = expectation.target().reportedAs();
        return snapshots.isEmpty()
                ? "no agent has reported " + path + (application == null ? "" : " as " + application) + " yet"
                : snapshots.stream().map(Snapshot::agent).sorted().collect(Collectors.joining(" and "))
                        + " both report " + path + "; only one agent may deploy it";
    }

    /** The end that Git alone tells: what was asked for no longer stands on the branch. */
    @CheckForNull
    private static Verdict ofHistory(Expectation expectation, GitFacts git) throws IOException {
        String tip = git.tip();
        if (!git.includes(tip)) {
            return new Verdict.Reverted(
                    tip, brief(expectation.revision()) + " is no longer on the branch, which is now at " + brief(tip));
        }
        if (git.holds(tip)) {
            return null;
        }
        GitFacts.Replacement by = git.replacement();
        if (by == null) {
            return null;
        }
        String summary = brief(by.revision()) + " \"" + by.summary() + "\"";
        return by.restoresPrevious()
                ? new Verdict.Reverted(by.revision(), "reverted by " + summary)
                : new Verdict.Superseded(by.revision(), "superseded by " + summary);
    }

    private static Verdict ofSnapshot(Expectation expectation, Snapshot snapshot, GitFacts git) throws IOException {
        Report.ApplicationStatus status = snapshot.status();
        if (snapshot.stale()) {
            return new Verdict.Waiting("agent " + snapshot.agent() + " silent since " + snapshot.receivedAt());
        }
        String compared = status.comparedRevision();
        if (compared == null || SyncState.of(status.sync()) == SyncState.UNKNOWN) {
            return new Verdict.Waiting(status.name() + " could not be compared"
                    + (status.message() == null ? " yet" : ": " + status.message()));
        }
        if (!git.knows(compared)) {
            return new Verdict.Waiting("agent " + snapshot.agent() + " is at " + brief(compared)
                    + ", which has not been fetched here yet");
        }
        if (!git.includes(compared)) {
            return new Verdict.Waiting("agent " + snapshot.agent() + " is at " + brief(compared) + ", before "
                    + brief(expectation.revision()));
        }
        if (!git.holds(compared)) {
            return new Verdict.Waiting(
                    "agent " + snapshot.agent() + " is at " + brief(compared) + ", which holds another image");
        }
        return ofOperation(expectation, status, git);
    }

    private static Verdict ofOperation(Expectation expectation, Report.ApplicationStatus status, GitFacts git)
            throws IOException {
        Report.Operation operation = status.operation();
        if (operation != null) {
            OperationPhase phase = OperationPhase.of(operation.phase());
            if (phase == OperationPhase.RUNNING) {
                return new Verdict.Waiting("syncing " + brief(operation.revision()) + progress(status)
                        + (operation.message() == null ? "" : ": " + operation.message()));
            }
            // A failure of an older revision is noise; of this one or a newer one it is the end of the agent's tries.
            if (phase != OperationPhase.SUCCEEDED
                    && SyncState.of(status.sync()) != SyncState.SYNCED
                    && git.includes(operation.revision())) {
                return failed(
                        status,
                        "sync of " + brief(operation.revision()) + " failed"
                                + (operation.message() == null ? "" : ": " + operation.message()));
            }
        }
        if (SyncState.of(status.sync()) != SyncState.SYNCED) {
            return new Verdict.Waiting(status.name() + " is " + status.sync() + progress(status));
        }
        return ofHealth(expectation, status, git);
    }

    private static Verdict ofHealth(Expectation expectation, Report.ApplicationStatus status, GitFacts git)
            throws IOException {
        String synced = status.syncedRevision();
        if (synced == null || !git.includes(synced) || !git.holds(synced)) {
            return new Verdict.Waiting(status.name() + " has not been applied at " + brief(expectation.revision()));
        }
        Health health = Health.of(status.health());
        if (!expectation.healthy()) {
            return live(synced, health);
        }
        if (!status.isObservedAfterSync()) {
            return new Verdict.Waiting("health was last observed before the sync finished");
        }
        switch (health) {
            case HEALTHY:
                return live(synced, health);
            case DEGRADED:
                return failed(status, "synced to " + brief(synced) + " but Degraded");
            default:
                return new Verdict.Waiting(status.name() + " is " + health.word() + progress(status));
        }
    }

    private static Verdict.Live live(String synced, Health health) {
        return new Verdict.Live(synced, health, "live at " + brief(synced) + ", " + health.word());
    }

    private static Verdict.Failed failed(Report.ApplicationStatus status, String what) {
        return new Verdict.Failed(
                status.syncedRevision(), Health.of(status.health()), status.resources(), what + progress(status));
    }

    /** The resources that are not done, in the cluster's words. */
    private static String progress(Report.ApplicationStatus status) {
        String resources = status.resources().stream()
                .map(r -> r.label() + (r.message() == null ? "" : ": " + r.message()))
                .collect(Collectors.joining("; "));
        return resources.isEmpty() ? "" : " (" + resources + ")";
    }

    private static String brief(@CheckForNull String revision) {
        return revision == null ? "nothing" : revision.length() > SHORT ? revision.substring(0, SHORT) : revision;
    }
}
