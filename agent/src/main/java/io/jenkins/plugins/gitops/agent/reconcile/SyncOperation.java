package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * The last sync of an application, with its retries.
 *
 * @param revision what it brings, 40 hex digits
 * @param hash of the desired state: another revision with the same manifests is the same attempt
 * @param phase Running also while a retry of the application's policy is waited for; Failed when these are used up, though
 *     it may still be tried again
 * @param finishedAt when the last try ended; null while one runs
 * @param retries tries after the first
 * @param heals drifts taken back since the sync, in close succession
 * @param message why the last try failed; null when it did not
 * @param blockers what the last try may have failed for that can change without Git
 * @param outage whether the last try met an API server that was away or too busy
 */
record SyncOperation(
        String revision,
        String hash,
        OperationPhase phase,
        Instant startedAt,
        @CheckForNull Instant finishedAt,
        int retries,
        int heals,
        @CheckForNull String message,
        Set<String> blockers,
        boolean outage) {
    /** Before the time of the next try, in a message. */
    static final String NEXT_TRY = "; next attempt at ";

    SyncOperation {
        blockers = Set.copyOf(blockers);
    }

    static SyncOperation start(String revision, String hash, Instant now, int heals) {
        return new SyncOperation(revision, hash, OperationPhase.RUNNING, now, null, 0, heals, null, Set.of(), false);
    }

    /** Takes back a drift after this operation. */
    SyncOperation heal(String newRevision, String newHash, Instant now) {
        Instant before = finishedAt == null ? startedAt : finishedAt;
        boolean calm = Duration.between(before, now).compareTo(SyncDecision.HEAL_RESET) > 0;
        return start(newRevision, newHash, now, calm ? 1 : heals + 1);
    }

    SyncOperation retry(String newRevision) {
        return new SyncOperation(
                newRevision,
                hash,
                OperationPhase.RUNNING,
                startedAt,
                null,
                retries + 1,
                heals,
                message,
                Set.of(),
                false);
    }

    SyncOperation succeeded(Instant now) {
        return new SyncOperation(
                revision, hash, OperationPhase.SUCCEEDED, startedAt, now, retries, heals, null, Set.of(), false);
    }

    /** @param again whether the application's policy allows another try */
    SyncOperation failed(boolean again, Instant now, String why, boolean byOutage) {
        OperationPhase how = again ? OperationPhase.RUNNING : OperationPhase.FAILED;
        return new SyncOperation(revision, hash, how, startedAt, now, retries, heals, why, blockers, byOutage);
    }

    /** The retry that was waited for does not come. */
    SyncOperation givenUp(Instant now) {
        return failed(false, now, message, outage);
    }

    SyncOperation blockedBy(Set<String> found) {
        return new SyncOperation(revision, hash, phase, startedAt, finishedAt, retries, heals, message, found, outage);
    }

    /** The last try failed; another one may come. */
    boolean hasFailed() {
        return phase != OperationPhase.SUCCEEDED && finishedAt != null;
    }

    /** Whether its retries are used up, and it was for this desired state. */
    boolean hasFailedAt(String desired) {
        return phase == OperationPhase.FAILED && hash.equals(desired);
    }

    /** @param nextTry when it is tried again; null when that is not known, or not going to happen */
    Report.OperationState report(@CheckForNull Instant nextTry) {
        boolean pause = phase == OperationPhase.RUNNING && finishedAt != null;
        return new Report.OperationState(
                phase.wireName(),
                revision,
                startedAt.toString(),
                finishedAt == null ? null : finishedAt.toString(),
                pause ? retries + 1 : retries,
                message(nextTry));
    }

    /** Why the last try failed, and when the next one comes. */
    @CheckForNull
    String message(@CheckForNull Instant nextTry) {
        return message == null || nextTry == null || !hasFailed()
                ? message
                : message + NEXT_TRY + nextTry.truncatedTo(ChronoUnit.SECONDS);
    }
}
