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
 * What is known of one object of Flux from all that it said. Plain data, stored as JSON.
 *
 * @param status in the words of all agents; without repository and path, since Flux tells neither
 * @param uid of the object; null when Flux told none
 * @param at when the newest event happened that counted, ISO-8601
 * @param rank of that event's meaning among those of the same second
 * @param proof what was said about health
 * @param dueAt when it announced to be heard again, ISO-8601; null when it did not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FluxObjectStatus(
        ApplicationStatus status,
        @CheckForNull String uid,
        String at,
        int rank,
        FluxHealthEvidence proof,
        @CheckForNull String dueAt) {
    /** For how long tries may fail before that counts as a failure: Flux tells equal failures once in five minutes. */
    public static final Duration FAIL_AFTER = Duration.ofMinutes(2);

    public FluxObjectStatus {
        // What an earlier version stored has no proof; what it told as healthy was.
        proof = proof == null ? formerProof(status, at) : proof;
    }

    private static FluxHealthEvidence formerProof(@CheckForNull ApplicationStatus status, String at) {
        return status != null && Health.of(status.health()) == Health.HEALTHY
                ? FluxHealthEvidence.passed(status.syncedRevision(), at)
                : FluxHealthEvidence.NONE;
    }

    /** When the newest event happened. */
    public Instant time() {
        return Instant.parse(at);
    }

    /**
     * The status of what a target's folder holds.
     *
     * @param healthChecked whether the team vouches that the object checks health
     * @param blocked why nothing may happen any more; null when nothing points to that
     * @param now for tries that fail: only time makes a failure of them
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

    /** Whether the object itself was deleted, with all that it applied. */
    @JsonIgnore
    public boolean isDeleted() {
        return status.deleting();
    }

    /** Whether what was stored can be used at all. */
    public boolean complete() {
        return status != null
                && status.name() != null
                && status.sync() != null
                && status.health() != null
                && status.observedAt() != null
                && at != null;
    }
}
