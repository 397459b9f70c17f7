package io.jenkins.plugins.gitops.core.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a change is live: by ancestry, by value and by health that was observed after the sync. A function of what Git
 * and the agent say at one moment; {@link Steady} adds for how long. Nothing that is merely old, unknown or silent ever
 * counts as a success.
 *
 * <p>What proves it is that the cluster was compared with a revision that includes the change, and is Synced: that holds
 * also when that revision renders what was there before and no operation ever names it. The revision of an operation
 * proves nothing, and its end only that the tries are over.
 */
public final class AwaitDecision {
    /** Argo CD tells health and sync from two loops, and some kinds do not say which generation their status is of. */
    private static final Duration TWO_LOOKS = Duration.ofSeconds(3);

    /** How often to look at what Flux does not say. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final String RELEASE = "HelmRelease/";
    private static final String UNKNOWN_HEALTH = " is applied, but whether it is healthy is not known";

    private final Expectation expectation;
    private final GitFacts git;
    private final Snapshot snapshot;
    private final Report.ApplicationStatus status;

    private AwaitDecision(Expectation expectation, GitFacts git, Snapshot snapshot) {
        this.expectation = expectation;
        this.git = git;
        this.snapshot = snapshot;
        this.status = snapshot.status();
    }

    /**
     * @param snapshots what agents say about the target; more than one means that several claim it
     * @param now for what only time decides; the same question later may have another answer from
     *     {@link Verdict.Waiting#again()} on
     * @throws IOException when the clone cannot be read
     */
    public static Verdict decide(Expectation expectation, List<Snapshot> snapshots, GitFacts git, Instant now)
            throws IOException {
        Verdict seen = snapshots.size() == 1
                ? new AwaitDecision(expectation, git, snapshots.get(0)).decide(now)
                : new Verdict.Waiting(snapshots.isEmpty() ? unheard(expectation) : contested(expectation, snapshots));
        if (!(seen instanceof Verdict.Waiting waiting)) {
            return seen;
        }
        Verdict gone = ofHistory(expectation, git);
        return gone == null ? lookedAtAgain(waiting, snapshots, now) : gone;
    }

    /** Flux says nothing of what goes on failing, nor that it was suspended: only time shows it. */
    private static Verdict lookedAtAgain(Verdict.Waiting waiting, List<Snapshot> snapshots, Instant now) {
        boolean flux = snapshots.stream().anyMatch(s -> s.kind() == AgentKind.FLUX);
        return flux && waiting.again() == null ? new Verdict.Waiting(waiting.summary(), now.plus(SILENCE)) : waiting;
    }

    private static String unheard(Expectation expectation) {
        DeployedBy by = expectation.target().deployedBy();
        String path = expectation.target().path();
        if (by != null) {
            return by.kind().word() + " " + by.agent() + " has not reported "
                    + (by.object() == null ? path : by.object()) + " yet";
        }
        String application = expectation.target().reportedAs();
        return "no agent has reported " + path + (application == null ? "" : " as " + application) + " yet";
    }

    private static String contested(Expectation expectation, List<Snapshot> snapshots) {
        String path = expectation.target().path();
        long agents = snapshots.stream().map(Texts::who).distinct().count();
        if (agents == 1) {
            return Texts.who(snapshots.get(0)) + " reports " + path + " as "
                    + snapshots.stream().map(s -> s.status().name()).sorted().collect(Collectors.joining(" and as "))
                    + "; only one application may deploy it";
        }
        boolean alike = snapshots.stream().map(Snapshot::kind).distinct().count() == 1;
        return snapshots.stream()
                        .map(s -> alike ? s.agent() : Texts.who(s))
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(" and "))
                + " both report " + path + "; only one agent may deploy it";
    }

    /** The end that Git alone tells: what was asked for no longer stands on the branch. */
    @CheckForNull
    private static Verdict ofHistory(Expectation expectation, GitFacts git) throws IOException {
        String tip = git.tip();
        if (!git.includes(tip)) {
            return new Verdict.Reverted(
                    tip,
                    Texts.brief(expectation.revision()) + " is no longer on the branch, which is now at "
                            + Texts.brief(tip));
        }
        if (git.holds(tip)) {
            return null;
        }
        GitFacts.Replacement by = git.replacement();
        if (by == null) {
            // It is gone, though nobody can be named; when it never stood there, that is no reason to end.
            return git.holds(expectation.revision())
                    ? new Verdict.Superseded(tip, "superseded: " + Texts.brief(tip) + " holds another image")
                    : null;
        }
        String summary = " by " + Texts.brief(by.revision()) + " \"" + by.summary() + "\"";
        return by.restoresPrevious()
                ? new Verdict.Reverted(by.revision(), (by.removes() ? "removed" : "reverted") + summary)
                : new Verdict.Superseded(by.revision(), (by.removes() ? "removed" : "superseded") + summary);
    }

    private Verdict decide(Instant now) throws IOException {
        if (snapshot.stale()) {
            return new Verdict.Waiting(
                    Texts.who(snapshot) + " silent since " + snapshot.receivedAt() + Texts.because(snapshot.problem()));
        }
        if (snapshot.problem() != null) {
            return new Verdict.Waiting(Texts.who(snapshot) + " cannot be asked" + Texts.because(snapshot.problem()));
        }
        Verdict wrong = new Conditions(expectation, status, git, now).judge();
        if (wrong != null) {
            return wrong;
        }
        if (status.deleting()) {
            return waiting(" is being deleted");
        }
        return ofComparison();
    }

    private Verdict ofComparison() throws IOException {
        String compared = status.comparedRevision();
        if (compared == null || SyncState.of(status.sync()) == SyncState.UNKNOWN) {
            return new Verdict.Waiting(status.name() + " could not be compared" + whyNot());
        }
        String at = Texts.who(snapshot) + " is at " + Texts.brief(compared);
        if (!git.knows(compared)) {
            return new Verdict.Waiting(at + ", which has not been fetched here yet");
        }
        if (!git.includes(compared)) {
            return new Verdict.Waiting(at + ", before " + Texts.brief(expectation.revision()));
        }
        if (!git.holds(compared)) {
            return new Verdict.Waiting(at + ", which holds another image");
        }
        if (status.requested()) {
            return waiting(": a sync was asked for and has not begun");
        }
        Report.Operation operation = status.operation();
        return operation == null ? ofSync() : ofOperation(operation);
    }

    /** Conditions that are not the change's own still say best why nothing could be compared. */
    private String whyNot() {
        if (status.message() != null) {
            return Texts.because(status.message());
        }
        return status.conditions().isEmpty()
                ? " yet"
                : Texts.because(status.conditions().get(0).message());
    }

    private Verdict ofOperation(Report.Operation operation) throws IOException {
        OperationPhase phase = OperationPhase.of(operation.phase());
        String revision = Texts.brief(operation.revision());
        if (phase == OperationPhase.RUNNING) {
            boolean pause = operation.finishedAt() != null;
            String tries = pause
                    ? "sync of " + revision + " failed, retry " + Math.max(1, operation.retries()) + " follows"
                    : "syncing " + revision + (operation.retries() == 0 ? "" : ", retry " + operation.retries());
            return new Verdict.Waiting(tries + Texts.progress(status.resources()) + Texts.because(operation.message()));
        }
        if (!status.isComparedAfterSync()) {
            return waiting(" has not been compared since the sync of " + revision + " finished");
        }
        // A failure of an older revision is noise; of this one or a newer one it is the end of the agent's tries.
        boolean mine =
                operation.revision() != null && git.includes(operation.revision()) && git.holds(operation.revision());
        if (phase != OperationPhase.SUCCEEDED && !operation.partial() && !isSynced() && mine) {
            return failed("sync of " + revision + " failed" + Texts.because(operation.message()), Duration.ZERO);
        }
        return ofSync();
    }

    private boolean isSynced() {
        return SyncState.of(status.sync()) == SyncState.SYNCED;
    }

    private Verdict ofSync() throws IOException {
        if (!isSynced()) {
            List<Report.Resource> differing = status.resources().stream()
                    .filter(r -> SyncState.of(r.sync()) != SyncState.SYNCED)
                    .toList();
            boolean onlyExtra = !differing.isEmpty()
                    && differing.size() < Report.ApplicationStatus.MAX_RESOURCES
                    && differing.stream().allMatch(Report.Resource::extra);
            return onlyExtra
                    ? new Verdict.Waiting(status.name() + " is applied, but what Git no longer holds is still there"
                            + Texts.progress(differing) + "; sync it with pruning")
                    : waiting(" is " + status.sync() + Texts.progress(status.resources())
                            + Texts.because(status.message()));
        }
        String synced = status.syncedRevision();
        if (synced == null || !git.includes(synced) || !git.holds(synced)) {
            return waiting(" has not been applied at " + Texts.brief(expectation.revision()));
        }
        return ofHealth(synced, Health.of(status.health()));
    }

    private Verdict ofHealth(String synced, Health health) throws IOException {
        if (!status.isObservedAfterSync()) {
            return new Verdict.Waiting("health was last observed before the sync finished");
        }
        if (!expectation.healthy()) {
            return live(synced, health);
        }
        String resources = Texts.progress(status.resources());
        return switch (health) {
            case HEALTHY -> isCarriedTo(synced) ? live(synced, health) : waiting(notCarried(synced));
            case DEGRADED -> failed("synced to " + Texts.brief(synced) + " but Degraded", settle());
            case SUSPENDED ->
                waiting(" is paused" + Texts.progress(paused()) + "; resume it, or await it with healthy: false");
            case UNKNOWN -> waiting(UNKNOWN_HEALTH + resources + wayToHealth());
            default -> waiting(" is " + health.word() + resources + Texts.because(status.message()));
        };
    }

    /** Health that was proven before the change counts for it only when the image is the same all along. */
    private boolean isCarriedTo(String synced) throws IOException {
        String proven = status.details().healthAt();
        return proven == null || git.isUnchanged(proven, synced);
    }

    private String notCarried(String synced) {
        return UNKNOWN_HEALTH + ": health checks passed at "
                + Texts.brief(status.details().healthAt())
                + ", which has another image than " + Texts.brief(synced)
                + ", and nothing was heard of what was applied since. " + HealthAdvice.MAY_CHECK;
    }

    private List<Report.Resource> paused() {
        return status.resources().stream()
                .filter(r -> Health.of(r.health()) == Health.SUSPENDED)
                .toList();
    }

    private String wayToHealth() {
        if (snapshot.kind() == AgentKind.FLUX
                && status.message() != null
                && !status.name().startsWith(RELEASE)) {
            return Texts.because(status.message());
        }
        if (snapshot.kind() != AgentKind.FLUX) {
            return "; await it with healthy: false if that is as it should be";
        }
        // A release never tells of a commit what became of it; what applies it can.
        return status.name().startsWith(RELEASE)
                ? "; name the Kustomization that applies it and give that spec.wait, or await it with healthy: false"
                : "; " + HealthAdvice.NEVER_CHECKED;
    }

    private Duration settle() {
        return snapshot.kind() == AgentKind.ARGO_CD ? TWO_LOOKS : Duration.ZERO;
    }

    private Verdict.Live live(String synced, Health health) {
        return new Verdict.Live(
                synced, health, "live at " + Texts.brief(synced) + ", " + health.word(), settle(), ImageProof.NONE);
    }

    private Verdict.Failed failed(String what, Duration settle) {
        return new Verdict.Failed(
                status.syncedRevision(),
                Health.of(status.health()),
                status.resources(),
                what + Texts.progress(status.resources()),
                settle);
    }

    private Verdict.Waiting waiting(String how) {
        return new Verdict.Waiting(status.name() + how);
    }
}
