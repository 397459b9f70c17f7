package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.sync.Report;
import java.time.Instant;

/**
 * The last sync of an application, with its retries.
 *
 * @param revision what it brings, 40 hex digits
 * @param hash of the desired state: another revision with the same manifests is the same attempt
 * @param phase Running also while the next try is waited for
 * @param finishedAt when the last try ended; null while one runs
 * @param retries tries after the first
 * @param heals drifts taken back since the sync, in close succession
 */
record Operation(
        String revision,
        String hash,
        OperationPhase phase,
        Instant startedAt,
        @CheckForNull Instant finishedAt,
        int retries,
        int heals,
        @CheckForNull String message) {

    static Operation start(String revision, String hash, Instant now, int heals) {
        return new Operation(revision, hash, OperationPhase.RUNNING, now, null, 0, heals, null);
    }

    Operation retry(String newRevision) {
        return new Operation(newRevision, hash, OperationPhase.RUNNING, startedAt, null, retries + 1, heals, message);
    }

    Operation ended(OperationPhase how, Instant now, @CheckForNull String what) {
        return new Operation(revision, hash, how, startedAt, now, retries, heals, what);
    }

    /** The last try failed; another one may come. */
    boolean hasFailed() {
        return phase != OperationPhase.SUCCEEDED && finishedAt != null;
    }

    Report.Operation report() {
        boolean pause = phase == OperationPhase.RUNNING && finishedAt != null;
        return new Report.Operation(
                phase.word(),
                revision,
                startedAt.toString(),
                finishedAt == null ? null : finishedAt.toString(),
                pause ? retries + 1 : retries,
                message);
    }
}
