package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.FluxHealthHints;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Decides whether a change is live in one application. */
final class ApplicationDecision {
    /** Leaves time to fix what does not recover by itself, such as an expired token. */
    private static final Duration STALL_CONFIRMATION = Duration.ofMinutes(2);

    private static final String UNKNOWN_HEALTH = " is applied, but its health is unknown";

    private final Expectation expectation;
    private final GitFacts git;
    private final AgentSnapshot snapshot;
    private final ApplicationStatus status;
    private final LiveImages images;

    ApplicationDecision(Expectation expectation, GitFacts git, AgentSnapshot snapshot) {
        this.expectation = expectation;
        this.git = git;
        this.snapshot = snapshot;
        this.status = snapshot.status();
        this.images = new LiveImages(expectation, snapshot, git);
    }

    Verdict decide() throws IOException {
        String who = VerdictMessages.agentName(snapshot);
        if (snapshot.problem() != null && snapshot.lasting()) {
            return new Verdict.Stalled(who + VerdictMessages.reasonSuffix(snapshot.problem()), STALL_CONFIRMATION);
        }
        if (snapshot.stale()) {
            return new Verdict.Waiting(who + " has not reported since " + snapshot.receivedAt()
                    + VerdictMessages.reasonSuffix(snapshot.problem()));
        }
        if (snapshot.problem() != null) {
            return new Verdict.Waiting(who + " is unreachable" + VerdictMessages.reasonSuffix(snapshot.problem()));
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
                    ? new Verdict.Stalled(who + VerdictMessages.reasonSuffix(status.message()), STALL_CONFIRMATION)
                    : waiting(" is being deleted" + firstCondition());
        }
        Verdict wrong = new ErrorConditions(expectation, snapshot, git).evaluate();
        return wrong == null ? fromComparison() : wrong;
    }

    /** An observer keeps reporting an object after its deletion, with a message but without a compared revision. */
    private boolean isGone() {
        return status.message() != null
                && status.comparedRevision() == null
                && Health.of(status.health()) == Health.MISSING;
    }

    private Verdict fromComparison() throws IOException {
        String compared = status.comparedRevision();
        if (compared == null || SyncState.of(status.sync()) == SyncState.UNKNOWN) {
            return waiting(" could not be compared" + whyNot() + blocked());
        }
        String other = SourceMismatch.otherBranch(status, git);
        String at = VerdictMessages.agentName(snapshot) + " is at " + VerdictMessages.shortRevision(compared)
                + (other == null ? "" : " of " + other);
        if (!git.contains(compared)) {
            return new Verdict.Waiting(at + ", which has not been fetched here yet");
        }
        if (!git.isAtOrAfterChange(compared)) {
            String mine = VerdictMessages.shortRevision(expectation.revision());
            return new Verdict.Waiting(at
                    + (git.isOffBranch(compared)
                            ? ", which is not on " + git.branch() + " and does not have " + mine
                            : ", before " + mine)
                    + blocked());
        }
        if (!git.hasExpectedImages(compared)) {
            return new Verdict.Waiting(at + ", which has another image" + blocked());
        }
        if (status.requested()) {
            return waiting(": a sync was requested but has not started");
        }
        OperationState operationState = status.operation();
        return operationState == null ? fromSync() : fromOperation(operationState);
    }

    /** The reason why the agent will not act by itself; empty if it may. */
    private String blocked() {
        return VerdictMessages.semicolonSuffix(status.details().blocked());
    }

    /** Gives the best known reason why nothing could be compared, even if its condition does not concern the change. */
    private String whyNot() {
        if (status.message() != null) {
            return VerdictMessages.reasonSuffix(status.message());
        }
        return status.conditions().isEmpty() ? " yet" : firstCondition();
    }

    private String firstCondition() {
        return status.conditions().isEmpty()
                ? ""
                : VerdictMessages.reasonSuffix(status.conditions().get(0).message());
    }

    private Verdict fromOperation(OperationState operationState) throws IOException {
        OperationPhase phase = OperationPhase.of(operationState.phase());
        String revision = VerdictMessages.shortRevision(operationState.revision());
        if (phase == OperationPhase.RUNNING) {
            boolean pause = operationState.finishedAt() != null;
            String tries = pause
                    ? "sync of " + revision + " failed; retrying (attempt " + Math.max(1, operationState.retries())
                            + ")"
                    : "syncing " + revision
                            + (operationState.retries() == 0 ? "" : ", retry " + operationState.retries());
            return new Verdict.Waiting(tries
                    + VerdictMessages.listResources(status.resources())
                    + VerdictMessages.reasonSuffix(operationState.message()));
        }
        // A failure of an older revision is ignored; of the change or a newer revision, it means that the agent gave
        // up.
        boolean mine = operationState.revision() != null
                && git.isAtOrAfterChange(operationState.revision())
                && git.hasExpectedImages(operationState.revision());
        if (phase != OperationPhase.SUCCEEDED && !operationState.partial() && mine) {
            return new FailedSync(snapshot, git).evaluate(operationState);
        }
        return status.isComparedAfterSync() || isFoundAsSynced(operationState)
                ? fromSync()
                : waiting(" has not been compared since the sync of " + revision + " finished");
    }

    /**
     * Whether a comparison that may have started before the sync ended proves the outcome of the sync nevertheless. If
     * it found the cluster in the state that the sync applies, it ran after the apply: times have a resolution of one
     * second, so its start time does not show the order.
     */
    private boolean isFoundAsSynced(OperationState operationState) throws IOException {
        String comparedAt = status.comparedAt();
        String compared = status.comparedRevision();
        return snapshot.traits().comparesAtOnce()
                && OperationPhase.of(operationState.phase()) == OperationPhase.SUCCEEDED
                && SyncState.of(status.sync()) == SyncState.SYNCED
                && compared != null
                && compared.equals(operationState.revision())
                && comparedAt != null
                && !Instant.parse(comparedAt).isBefore(Instant.parse(operationState.startedAt()))
                && images.evidence().proof() == ImageProof.RUNNING;
    }

    private Verdict fromSync() throws IOException {
        if (SyncState.of(status.sync()) != SyncState.SYNCED) {
            return fromDifference();
        }
        String synced = status.syncedRevision();
        if (synced == null || !git.isAtOrAfterChange(synced) || !git.hasExpectedImages(synced)) {
            return waiting(
                    " has not been applied at " + VerdictMessages.shortRevision(expectation.revision()) + blocked());
        }
        return fromHealth(synced, Health.of(status.health()));
    }

    private Verdict fromDifference() {
        List<ResourceStatus> differing = status.resources().stream()
                .filter(r -> SyncState.of(r.sync()) != SyncState.SYNCED)
                .toList();
        boolean onlyExtra = !differing.isEmpty()
                && differing.size() < ApplicationStatus.MAX_RESOURCES
                && differing.stream().allMatch(ResourceStatus::requiresPruning);
        return onlyExtra
                ? waiting(" is applied, but resources removed from Git still exist"
                        + VerdictMessages.listResources(differing) + "; sync with pruning" + blocked())
                : waiting(" is " + status.sync() + VerdictMessages.listResources(status.resources())
                        + VerdictMessages.reasonSuffix(status.message()) + blocked());
    }

    private Verdict fromHealth(String synced, Health health) throws IOException {
        if (!status.isObservedAfterSync()) {
            return new Verdict.Waiting("health was last observed before the sync finished");
        }
        if (!expectation.healthy()) {
            return fromImages(synced, health);
        }
        String resources = VerdictMessages.listResources(status.resources());
        return switch (health) {
            case HEALTHY -> isCarriedTo(synced) ? fromImages(synced, health) : waiting(notCarried(synced));
            case DEGRADED -> fromDegraded(synced);
            case SUSPENDED ->
                waiting(" is paused" + VerdictMessages.listResources(paused())
                        + "; resume it, or wait for it with healthy: false");
            case UNKNOWN ->
                waiting(UNKNOWN_HEALTH + resources + snapshot.traits().healthHint(status));
            default ->
                new Verdict.Waiting(
                        status.name() + " is " + health.wireName() + resources
                                + VerdictMessages.reasonSuffix(status.message()),
                        null,
                        isUnready());
        };
    }

    /** Whether a named resource is not ready, and the application does not override the images of the change. */
    private boolean isUnready() throws IOException {
        boolean named = status.resources().stream().anyMatch(r -> {
            Health of = Health.of(r.health());
            return of == Health.PROGRESSING || of == Health.MISSING || of == Health.DEGRADED;
        });
        return named && !images.isOverridden();
    }

    /** Degraded fails the change only if a resource is named, and the failing image is the one that the change set. */
    private Verdict fromDegraded(String synced) throws IOException {
        String what = "synced to " + VerdictMessages.shortRevision(synced) + " but Degraded"
                + VerdictMessages.listResources(status.resources());
        boolean named = status.resources().stream().anyMatch(r -> Health.of(r.health()) == Health.DEGRADED);
        if (!named) {
            return waiting(": " + what + "; no resource reports a reason yet");
        }
        return images.isOverridden()
                ? waiting(": " + what
                        + VerdictMessages.semicolonSuffix(images.evidence().reason()))
                : degraded(what);
    }

    private Verdict.Failed degraded(String what) {
        Duration settle = snapshot.traits().degradedConfirmation(status.isObserved());
        return new Verdict.Failed(
                status.syncedRevision(), Health.of(status.health()), status.resources(), what, settle, true);
    }

    private Verdict fromImages(String synced, Health health) throws IOException {
        LiveImages.Evidence evidence = images.evidence();
        boolean seen = evidence.proof() != ImageProof.NOT_SEEN;
        boolean enough = evidence.reason() == null
                || (seen ? expectation.image() == ImagePolicy.WARN : expectation.image() != ImagePolicy.REQUIRED);
        if (!enough) {
            return waiting(" is Synced at " + VerdictMessages.shortRevision(synced) + ", but " + evidence.reason());
        }
        String told = evidence.reason() == null ? "" : seen ? "; " + evidence.reason() : notSeen(evidence);
        return new Verdict.Live(
                synced,
                health,
                "live at " + VerdictMessages.shortRevision(synced) + ", " + health.wireName() + told,
                evidence.proof() == ImageProof.RUNNING
                        ? Duration.ZERO
                        : snapshot.traits().liveConfirmation(),
                evidence.proof());
    }

    /** Gives the reason only if the agent could have seen the image. */
    private String notSeen(LiveImages.Evidence evidence) {
        return "; image not seen" + (status.details().running() == null ? "" : ": " + evidence.reason());
    }

    /**
     * Health that was proven at an earlier revision counts for this one only if the image has not changed in between.
     */
    private boolean isCarriedTo(String synced) throws IOException {
        String proven = status.details().healthAt();
        return proven == null || git.isUnchanged(proven, synced);
    }

    private String notCarried(String synced) {
        return UNKNOWN_HEALTH + ": health checks passed at "
                + VerdictMessages.shortRevision(status.details().healthAt()) + ", which has another image than "
                + VerdictMessages.shortRevision(synced)
                + ", and no event has been received for what was applied since. " + FluxHealthHints.MAY_CHECK;
    }

    private List<ResourceStatus> paused() {
        return status.resources().stream()
                .filter(r -> Health.of(r.health()) == Health.SUSPENDED)
                .toList();
    }

    private Verdict.Waiting waiting(String how) {
        return new Verdict.Waiting(status.name() + how);
    }
}
