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
 * @param revision the revision that it applies, 40 hex digits
 * @param hash of the desired state: another revision with the same manifests belongs to the same operation
 * @param phase Running until the retries of the application's policy are exhausted, also between them; Failed
 *     afterwards, though it may still be retried
 * @param finishedAt when the last attempt ended; null while one is running
 * @param retries the number of attempts after the first
 * @param heals the number of drift corrections in close succession since the sync
 * @param message why the last attempt failed; null if it did not
 * @param blockers possible reasons of the last failure that can disappear without a change in Git
 * @param outage whether the API server was unreachable or overloaded during the last attempt
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
    /** Precedes the time of the next attempt in a message. */
    static final String NEXT_TRY = "; next attempt at ";

    SyncOperation {
        blockers = Set.copyOf(blockers);
    }

    static SyncOperation start(String revision, String hash, Instant now, int heals) {
        return new SyncOperation(revision, hash, OperationPhase.RUNNING, now, null, 0, heals, null, Set.of(), false);
    }

    /** Starts the correction of drift after this operation. */
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

    /** @param again whether the application's policy allows another attempt */
    SyncOperation failed(boolean again, Instant now, String why, boolean byOutage) {
        OperationPhase how = again ? OperationPhase.RUNNING : OperationPhase.FAILED;
        return new SyncOperation(revision, hash, how, startedAt, now, retries, heals, why, blockers, byOutage);
    }

    /** Returns the operation as failed, since the expected retry will not follow. */
    SyncOperation givenUp(Instant now) {
        return failed(false, now, message, outage);
    }

    SyncOperation blockedBy(Set<String> found) {
        return new SyncOperation(revision, hash, phase, startedAt, finishedAt, retries, heals, message, found, outage);
    }

    /** Whether the last attempt failed; another one may follow. */
    boolean hasFailed() {
        return phase != OperationPhase.SUCCEEDED && finishedAt != null;
    }

    /** Whether the API server became unreachable during it, and retries are left: it continues even if it was requested. */
    boolean isInterrupted() {
        return outage && hasFailed() && phase == OperationPhase.RUNNING;
    }

    /** Whether it failed for this desired state, with its retries exhausted. */
    boolean hasFailedAt(String desired) {
        return phase == OperationPhase.FAILED && hash.equals(desired);
    }

    /** @param nextTry when it is retried; null if that is unknown, or will not happen */
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

    /** Why the last attempt failed, and when the next one is scheduled. */
    @CheckForNull
    String message(@CheckForNull Instant nextTry) {
        return message == null || nextTry == null || !hasFailed()
                ? message
                : message + NEXT_TRY + nextTry.truncatedTo(ChronoUnit.SECONDS);
    }
}
