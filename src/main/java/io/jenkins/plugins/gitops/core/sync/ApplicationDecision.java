package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Operation;
import io.jenkins.plugins.gitops.core.sync.Report.Resource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Whether a change is live in one application. */
final class ApplicationDecision {
    /** Somebody may be about to mend what does not mend itself, such as a token. */
    private static final Duration LASTING = Duration.ofMinutes(2);

    private static final String UNKNOWN_HEALTH = " is applied, but whether it is healthy is not known";

    private final Expectation expectation;
    private final GitFacts git;
    private final Snapshot snapshot;
    private final ApplicationStatus status;
    private final LiveImages images;

    ApplicationDecision(Expectation expectation, GitFacts git, Snapshot snapshot) {
        this.expectation = expectation;
        this.git = git;
        this.snapshot = snapshot;
        this.status = snapshot.status();
        this.images = new LiveImages(expectation, snapshot, git);
    }

    Verdict decide() throws IOException {
        String who = Texts.who(snapshot);
        if (snapshot.problem() != null && snapshot.lasting()) {
            return new Verdict.Stalled(who + Texts.because(snapshot.problem()), LASTING);
        }
        if (snapshot.stale()) {
            return new Verdict.Waiting(
                    who + " silent since " + snapshot.receivedAt() + Texts.because(snapshot.problem()));
        }
        if (snapshot.problem() != null) {
            return new Verdict.Waiting(who + " cannot be asked" + Texts.because(snapshot.problem()));
        }
        Verdict mismatch = new SourceMismatch(expectation, snapshot, git).find();
        if (mismatch != null) {
            return mismatch;
        }
        String outdated = status.details().outdated();
        if (outdated != null) {
            return new Verdict.Waiting(outdated);
        }
        if (status.deleting()) {
            return isGone()
                    ? new Verdict.Stalled(who + Texts.because(status.message()), LASTING)
                    : waiting(" is being deleted" + firstCondition());
        }
        Verdict wrong = new Conditions(expectation, snapshot, git).judge();
        return wrong == null ? ofComparison() : wrong;
    }

    /** An observer goes on telling of an object that is not there any more, with nothing but the message. */
    private boolean isGone() {
        return status.message() != null
                && status.comparedRevision() == null
                && Health.of(status.health()) == Health.MISSING;
    }

    private Verdict ofComparison() throws IOException {
        String compared = status.comparedRevision();
        if (compared == null || SyncState.of(status.sync()) == SyncState.UNKNOWN) {
            return waiting(" could not be compared" + whyNot() + blocked());
        }
        String other = SourceMismatch.otherBranch(status, git);
        String at = Texts.who(snapshot) + " is at " + Texts.brief(compared) + (other == null ? "" : " of " + other);
        if (!git.knows(compared)) {
            return new Verdict.Waiting(at + ", which has not been fetched here yet");
        }
        if (!git.includes(compared)) {
            String mine = Texts.brief(expectation.revision());
            return new Verdict.Waiting(at
                    + (git.isElsewhere(compared)
                            ? ", which is not on " + git.branch() + " and does not have " + mine
                            : ", before " + mine)
                    + blocked());
        }
        if (!git.holds(compared)) {
            return new Verdict.Waiting(at + ", which holds another image" + blocked());
        }
        if (status.requested()) {
            return waiting(": a sync was asked for and has not begun");
        }
        Operation operation = status.operation();
        return operation == null ? ofSync() : ofOperation(operation);
    }

    /** Why nothing will happen by itself; nothing when something may. */
    private String blocked() {
        return Texts.and(status.details().blocked());
    }

    /** Conditions that are not the change's own still say best why nothing could be compared. */
    private String whyNot() {
        if (status.message() != null) {
            return Texts.because(status.message());
        }
        return status.conditions().isEmpty() ? " yet" : firstCondition();
    }

    private String firstCondition() {
        return status.conditions().isEmpty()
                ? ""
                : Texts.because(status.conditions().get(0).message());
    }

    private Verdict ofOperation(Operation operation) throws IOException {
        OperationPhase phase = OperationPhase.of(operation.phase());
        String revision = Texts.brief(operation.revision());
        if (phase == OperationPhase.RUNNING) {
            boolean pause = operation.finishedAt() != null;
            String tries = pause
                    ? "sync of " + revision + " failed, retry " + Math.max(1, operation.retries()) + " follows"
                    : "syncing " + revision + (operation.retries() == 0 ? "" : ", retry " + operation.retries());
            return new Verdict.Waiting(tries + Texts.progress(status.resources()) + Texts.because(operation.message()));
        }
        // A failure of an older revision is noise; of this one or a newer one it is the end of the agent's tries.
        boolean mine =
                operation.revision() != null && git.includes(operation.revision()) && git.holds(operation.revision());
        if (phase != OperationPhase.SUCCEEDED && !operation.partial() && mine) {
            return new FailedSync(snapshot, git).judge(operation);
        }
        return status.isComparedAfterSync() || isFoundAsSynced(operation)
                ? ofSync()
                : waiting(" has not been compared since the sync of " + revision + " finished");
    }

    /**
     * Whether a comparison that may have begun before the end of a sync tells its outcome all the same: one that began during
     * a sync and found the cluster to be what that sync applies saw it after the apply, whatever the second says in which it
     * began.
     */
    private boolean isFoundAsSynced(Operation operation) throws IOException {
        String comparedAt = status.comparedAt();
        String compared = status.comparedRevision();
        return snapshot.traits().comparesAtOnce()
                && OperationPhase.of(operation.phase()) == OperationPhase.SUCCEEDED
                && SyncState.of(status.sync()) == SyncState.SYNCED
                && compared != null
                && compared.equals(operation.revision())
                && comparedAt != null
                && !Instant.parse(comparedAt).isBefore(Instant.parse(operation.startedAt()))
                && images.evidence().proof() == ImageProof.RUNNING;
    }

    private Verdict ofSync() throws IOException {
        if (SyncState.of(status.sync()) != SyncState.SYNCED) {
            return ofDifference();
        }
        String synced = status.syncedRevision();
        if (synced == null || !git.includes(synced) || !git.holds(synced)) {
            return waiting(" has not been applied at " + Texts.brief(expectation.revision()) + blocked());
        }
        return ofHealth(synced, Health.of(status.health()));
    }

    private Verdict ofDifference() {
        List<Resource> differing = status.resources().stream()
                .filter(r -> SyncState.of(r.sync()) != SyncState.SYNCED)
                .toList();
        boolean onlyExtra = !differing.isEmpty()
                && differing.size() < ApplicationStatus.MAX_RESOURCES
                && differing.stream().allMatch(Resource::extra);
        return onlyExtra
                ? waiting(" is applied, but what Git no longer holds is still there" + Texts.progress(differing)
                        + "; sync it with pruning" + blocked())
                : waiting(" is " + status.sync() + Texts.progress(status.resources()) + Texts.because(status.message())
                        + blocked());
    }

    private Verdict ofHealth(String synced, Health health) throws IOException {
        if (!status.isObservedAfterSync()) {
            return new Verdict.Waiting("health was last observed before the sync finished");
        }
        if (!expectation.healthy()) {
            return ofImages(synced, health);
        }
        String resources = Texts.progress(status.resources());
        return switch (health) {
            case HEALTHY -> isCarriedTo(synced) ? ofImages(synced, health) : waiting(notCarried(synced));
            case DEGRADED -> ofDegraded(synced);
            case SUSPENDED ->
                waiting(" is paused" + Texts.progress(paused()) + "; resume it, or await it with healthy: false");
            case UNKNOWN ->
                waiting(UNKNOWN_HEALTH + resources + snapshot.traits().healthHint(status));
            default ->
                new Verdict.Waiting(
                        status.name() + " is " + health.word() + resources + Texts.because(status.message()),
                        null,
                        isUnready());
        };
    }

    /** Whether a named resource of what was applied is not ready, and the image that it has is that of the change. */
    private boolean isUnready() throws IOException {
        boolean named = status.resources().stream().anyMatch(r -> {
            Health of = Health.of(r.health());
            return of == Health.PROGRESSING || of == Health.MISSING || of == Health.DEGRADED;
        });
        return named && !images.isOverridden();
    }

    /** A word without a resource that it is about is no proof; nor is a failure of an image that the change did not set. */
    private Verdict ofDegraded(String synced) throws IOException {
        String what = "synced to " + Texts.brief(synced) + " but Degraded" + Texts.progress(status.resources());
        boolean named = status.resources().stream().anyMatch(r -> Health.of(r.health()) == Health.DEGRADED);
        if (!named) {
            return waiting(": " + what + "; no resource says why yet");
        }
        return images.isOverridden()
                ? waiting(": " + what + Texts.and(images.evidence().reason()))
                : degraded(what);
    }

    private Verdict.Failed degraded(String what) {
        Duration settle = snapshot.traits().degradedConfirmation(status.isObserved());
        return new Verdict.Failed(
                status.syncedRevision(), Health.of(status.health()), status.resources(), what, settle, true);
    }

    private Verdict ofImages(String synced, Health health) throws IOException {
        LiveImages.Evidence evidence = images.evidence();
        boolean seen = evidence.proof() != ImageProof.NOT_SEEN;
        boolean enough = evidence.reason() == null
                || (seen ? expectation.image() == ImagePolicy.WARN : expectation.image() != ImagePolicy.REQUIRED);
        if (!enough) {
            return waiting(" is Synced at " + Texts.brief(synced) + ", but " + evidence.reason());
        }
        String told = evidence.reason() == null ? "" : seen ? "; " + evidence.reason() : "; image not seen";
        return new Verdict.Live(
                synced,
                health,
                "live at " + Texts.brief(synced) + ", " + health.word() + told,
                evidence.proof() == ImageProof.RUNNING
                        ? Duration.ZERO
                        : snapshot.traits().liveConfirmation(),
                evidence.proof());
    }

    /** Health that was proven before the change counts for it only when the image is the same all along. */
    private boolean isCarriedTo(String synced) throws IOException {
        String proven = status.details().healthAt();
        return proven == null || git.isUnchanged(proven, synced);
    }

    private String notCarried(String synced) {
        return UNKNOWN_HEALTH + ": health checks passed at "
                + Texts.brief(status.details().healthAt()) + ", which has another image than " + Texts.brief(synced)
                + ", and nothing was heard of what was applied since. " + HealthAdvice.MAY_CHECK;
    }

    private List<Resource> paused() {
        return status.resources().stream()
                .filter(r -> Health.of(r.health()) == Health.SUSPENDED)
                .toList();
    }

    private Verdict.Waiting waiting(String how) {
        return new Verdict.Waiting(status.name() + how);
    }
}
