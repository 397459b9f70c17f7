package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.flux.FluxEvent.Meaning;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The known state of one Flux object, from all its events. Plain data, stored as JSON.
 *
 * @param status the status in the common format; without repository and path, since Flux reports neither
 * @param uid the UID of the object; null if the events had none
 * @param at when the newest relevant event happened, ISO-8601
 * @param rank of that event's meaning among those of the same second
 * @param proof the health evidence
 * @param dueAt when the next event was announced for, ISO-8601; null if none was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FluxObjectStatus(
        ApplicationStatus status,
        @CheckForNull String uid,
        String at,
        int rank,
        FluxHealthEvidence proof,
        @CheckForNull String dueAt) {
    /**
     * How long attempts may fail before that counts as a failure: Flux reports identical failures once in five minutes.
     */
    public static final Duration FAIL_AFTER = Duration.ofMinutes(2);

    public FluxObjectStatus {
        // The data of an earlier version has no evidence; the revision that it stored as healthy counts as proven.
        proof = proof == null ? formerProof(status, at) : proof;
    }

    private static FluxHealthEvidence formerProof(@CheckForNull ApplicationStatus status, String at) {
        return status != null && Health.of(status.health()) == Health.HEALTHY
                ? FluxHealthEvidence.passed(status.syncedRevision(), at)
                : FluxHealthEvidence.NONE;
    }

    /** When the newest relevant event happened. */
    public Instant time() {
        return Instant.parse(at);
    }

    /**
     * The status for a target's folder.
     *
     * @param healthChecked whether the team has declared that the object checks health
     * @param blocked why nothing may happen any more; null if no reason is known
     * @param now determines whether failed attempts count as a failure yet
     */
    public ApplicationStatus statusOf(
            String repository, String path, boolean healthChecked, @CheckForNull String blocked, Instant now) {
        ApplicationStatusBuilder draft =
                ApplicationStatusBuilder.of(status).at(repository, path).blocked(blocked);
        boolean unproven =
                Health.of(status.health()) == Health.UNKNOWN || status.details().healthAt() != null;
        if (healthChecked && isApplied() && unproven && !proof.hasFailed(status.syncedRevision())) {
            draft.health(Health.HEALTHY).healthAt(null).message(null);
        }
        OperationState last = status.operation();
        boolean tries = last != null && OperationPhase.of(last.phase()) == OperationPhase.FAILED;
        if (tries && rank != Meaning.ROLLED_BACK.ordinal()) {
            Instant until = Instant.parse(last.startedAt()).plus(FAIL_AFTER);
            boolean patient = now.isBefore(until);
            draft.operation(tried(last, patient ? OperationPhase.RUNNING : OperationPhase.FAILED));
            if (patient) {
                draft.resources(List.of());
            }
        }
        return draft.build();
    }

    private static OperationState tried(OperationState last, OperationPhase phase) {
        return new OperationState(
                phase.wireName(),
                last.revision(),
                last.startedAt(),
                last.finishedAt(),
                Math.max(1, last.retries()),
                last.message() + " (since " + last.startedAt() + ")");
    }

    private boolean isApplied() {
        return SyncState.of(status.sync()) == SyncState.SYNCED;
    }

    /** Whether the object itself was deleted, together with all objects that it had applied. */
    @JsonIgnore
    public boolean isDeleted() {
        return status.deleting();
    }

    /** Whether the stored data has all required values. */
    public boolean complete() {
        return status != null
                && status.name() != null
                && status.sync() != null
                && status.health() != null
                && status.observedAt() != null
                && at != null;
    }
}
