package io.jenkins.plugins.gitops.core.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.flux.FluxEvent.Meaning;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Adds an event to the known status of an object. Events may be late, duplicated, reordered or lost, and their times
 * have a resolution of one second. So an older event never replaces a newer one, and among events of the same second
 * about one commit the later {@link Meaning} wins. Health is tracked separately, in {@link FluxHealthEvidence}, where a
 * late event still counts for its own time.
 */
public final class FluxEventReducer {
    private static final String NO_COMMIT =
            "Flux reports the version of its chart, %s, but no commit; name the Kustomization that"
                    + " applies it in gitops.yaml";

    private static final String NO_ORIGIN =
            "Flux reports the revision %s but no commit; set the artifact's origin revision" + " when it is pushed";

    private FluxEventReducer() {}

    /**
     * Adds an event.
     *
     * @param before the known status; null if there is none
     * @return the same status if the event adds nothing; null if there is still none
     */
    @CheckForNull
    public static FluxObjectStatus add(@CheckForNull FluxObjectStatus before, FluxEvent event) {
        if (!event.appliesToCluster() || event.meaning() == Meaning.IRRELEVANT) {
            return before;
        }
        if (before == null) {
            return addTo(null, event);
        }
        if (isAnother(before, event)) {
            // The object was deleted and recreated: the history of the former one says nothing about the new one.
            return event.at().isBefore(before.time()) ? before : addTo(null, event);
        }
        return before.isDeleted() ? before : addTo(before, event);
    }

    private static boolean isAnother(FluxObjectStatus before, FluxEvent event) {
        String uid = before.uid();
        if (uid != null && event.uid() != null) {
            return !uid.equals(event.uid());
        }
        // Without a UID, an event that applies something shows that the object was recreated.
        boolean applies = event.meaning() == Meaning.CHANGED && !event.isDeletionOnly();
        return before.isDeleted() && applies && event.at().isAfter(before.time());
    }

    @CheckForNull
    private static FluxObjectStatus addTo(@CheckForNull FluxObjectStatus before, FluxEvent event) {
        if (event.meaning() == Meaning.DELETED) {
            return deleted(before, event);
        }
        boolean late = before != null && isLate(before, event);
        if (event.commit() == null) {
            return late ? before : withoutCommit(before, event);
        }
        FluxHealthEvidence known = before == null ? FluxHealthEvidence.NONE : before.proof();
        FluxHealthEvidence proof = known.with(event);
        if (late) {
            return withProof(before, proof);
        }
        return switch (event.meaning()) {
            case WAITING -> waiting(before, event, proof);
            case CHANGED -> state(before, event, running(before, event, proof), proof);
            case HEALTH_CHECK_PASSED, SUCCEEDED -> applied(before, event, proof);
            case UNHEALTHY -> unhealthy(before, event, proof);
            case BUILD_FAILED -> notBuilt(before, event, proof);
            case FETCH_FAILED -> notFetched(before, event, proof);
            default -> failed(before, event, proof);
        };
    }

    private static boolean isLate(FluxObjectStatus before, FluxEvent event) {
        Instant newest = before.time();
        if (!event.at().equals(newest)) {
            return event.at().isBefore(newest);
        }
        boolean sameCommit = event.commit() != null
                && Objects.equals(event.commit(), before.status().comparedRevision());
        boolean failedTry = event.meaning().compareTo(Meaning.CHANGED) < 0;
        // A change in the same second came after the failed attempt, even if they concern different commits.
        return event.meaning().ordinal() < before.rank()
                && (sameCommit || failedTry && before.rank() == Meaning.CHANGED.ordinal());
    }

    /** A late event changes nothing but the health evidence. */
    private static FluxObjectStatus withProof(FluxObjectStatus before, FluxHealthEvidence proof) {
        if (proof.equals(before.proof())) {
            return before;
        }
        ApplicationStatus status = before.status();
        int rank = before.rank();
        if (rank == Meaning.SUCCEEDED.ordinal() || rank == Meaning.HEALTH_CHECK_PASSED.ordinal()) {
            status = judged(ApplicationStatusBuilder.of(status), proof, status.syncedRevision())
                    .build();
        }
        return new FluxObjectStatus(status, before.uid(), before.at(), rank, proof, before.dueAt());
    }

    private static FluxObjectStatus deleted(@CheckForNull FluxObjectStatus before, FluxEvent event) {
        String uid = before == null ? null : before.uid();
        boolean known = uid != null && uid.equals(event.uid());
        if (before != null && !known && isLate(before, event)) {
            return before;
        }
        ApplicationStatusBuilder draft = draft(before, event)
                .sync(SyncState.OUT_OF_SYNC)
                .health(Health.MISSING)
                .deleting(true)
                .message("Flux deleted " + lines(event).replace(FluxEvent.DELETED, ""));
        return state(before, event, draft, FluxHealthEvidence.NONE);
    }

    @CheckForNull
    private static FluxObjectStatus withoutCommit(@CheckForNull FluxObjectStatus before, FluxEvent event) {
        if (event.revision() == null) {
            // The object never had a source; what was applied before remains applied.
            return before;
        }
        boolean ended = !event.error() && event.meaning() != Meaning.ROLLED_BACK;
        String message =
                ended ? String.format(event.isRelease() ? NO_COMMIT : NO_ORIGIN, event.revision()) : event.message();
        return state(
                before, event, ApplicationStatusBuilder.of(event.object()).message(message), FluxHealthEvidence.NONE);
    }

    /** Nothing has been applied yet, and there is no error. */
    private static FluxObjectStatus waiting(
            @CheckForNull FluxObjectStatus before, FluxEvent event, FluxHealthEvidence proof) {
        if (before != null && Objects.equals(event.commit(), before.status().syncedRevision())) {
            return before;
        }
        OperationState operationState = operation(
                before, event, OperationPhase.RUNNING, "a dependency of it is not ready; Flux does not report which");
        return state(before, event, running(before, event, proof).operation(operationState), proof);
    }

    private static ApplicationStatusBuilder running(
            @CheckForNull FluxObjectStatus before, FluxEvent event, FluxHealthEvidence proof) {
        return draft(before, event)
                .sync(SyncState.OUT_OF_SYNC)
                .health(proof.revision() == null ? Health.UNKNOWN : Health.PROGRESSING)
                .operation(operation(before, event, OperationPhase.RUNNING, lines(event)));
    }

    private static FluxObjectStatus applied(
            @CheckForNull FluxObjectStatus before, FluxEvent event, FluxHealthEvidence proof) {
        return state(before, event, judged(synced(before, event), proof, event.commit()), proof);
    }

    private static ApplicationStatusBuilder synced(@CheckForNull FluxObjectStatus before, FluxEvent event) {
        return draft(before, event)
                .synced(event.commit())
                .sync(SyncState.SYNCED)
                .operation(new OperationState(
                        OperationPhase.SUCCEEDED.wireName(),
                        event.commit(),
                        startedAt(before, event),
                        event.at().toString(),
                        0,
                        null));
    }

    /** The end of a reconciliation alone does not prove health; earlier evidence counts until something changes. */
    private static ApplicationStatusBuilder judged(
            ApplicationStatusBuilder draft, FluxHealthEvidence proof, @CheckForNull String synced) {
        if (!proof.isHealthy()) {
            return draft.health(Health.UNKNOWN).healthAt(null).message(proof.reason());
        }
        String carried = Objects.equals(proof.revision(), synced) ? null : proof.revision();
        return draft.health(Health.HEALTHY).healthAt(carried).message(null);
    }

    /** Only Failed counts as broken. Flux checks again what is in progress, missing, or not yet checked completely. */
    private static FluxObjectStatus unhealthy(
            @CheckForNull FluxObjectStatus before, FluxEvent event, FluxHealthEvidence proof) {
        List<ResourceStatus> resources = UnhealthyResources.unhealthy(event.message());
        List<ResourceStatus> failed = resources.stream()
                .filter(r -> Health.of(r.health()) == Health.DEGRADED)
                .toList();
        ApplicationStatusBuilder draft = synced(before, event).resources(failed.isEmpty() ? resources : failed);
        if (failed.isEmpty()) {
            draft.health(Health.PROGRESSING).message(event.message().strip() + "; Flux checks again");
        } else {
            draft.health(Health.DEGRADED).message(event.message());
        }
        return state(before, event, draft, proof);
    }

    private static FluxObjectStatus notBuilt(
            @CheckForNull FluxObjectStatus before, FluxEvent event, FluxHealthEvidence proof) {
        String since = event.at().toString();
        if (before != null) {
            since = before.status().conditions().stream()
                    .filter(c -> Objects.equals(event.commit(), c.revision()))
                    .map(ApplicationCondition::at)
                    .findFirst()
                    .orElse(since);
        }
        ApplicationStatusBuilder draft = draft(before, event)
                .sync(SyncState.UNKNOWN)
                .health(Health.UNKNOWN)
                .message(event.message())
                .conditions(
                        List.of(new ApplicationCondition("ComparisonError", event.message(), event.commit(), since)));
        return state(before, event, draft, proof);
    }

    /** This is not an error of the commit; Flux retries until its source responds. */
    private static FluxObjectStatus notFetched(
            @CheckForNull FluxObjectStatus before, FluxEvent event, FluxHealthEvidence proof) {
        ApplicationStatusBuilder draft = draft(before, event)
                .sync(SyncState.OUT_OF_SYNC)
                .health(Health.UNKNOWN)
                .operation(tried(before, event, OperationPhase.RUNNING));
        return state(before, event, draft, proof);
    }

    private static FluxObjectStatus failed(
            @CheckForNull FluxObjectStatus before, FluxEvent event, FluxHealthEvidence proof) {
        ApplicationStatusBuilder draft = draft(before, event)
                .sync(SyncState.OUT_OF_SYNC)
                .health(Health.UNKNOWN)
                .operation(tried(before, event, OperationPhase.FAILED))
                .resources(UnhealthyResources.rejected(event.message()));
        return state(before, event, draft, proof);
    }

    /** The operation that started when the first attempt at the commit failed; Flux keeps retrying. */
    private static OperationState tried(@CheckForNull FluxObjectStatus before, FluxEvent event, OperationPhase phase) {
        OperationState last = before == null ? null : before.status().operation();
        boolean again = last != null
                && last.finishedAt() != null
                && OperationPhase.of(last.phase()) == phase
                && Objects.equals(last.revision(), event.commit());
        return new OperationState(
                phase.wireName(),
                event.commit(),
                again ? last.startedAt() : event.at().toString(),
                event.at().toString(),
                again ? last.retries() + 1 : 0,
                event.message().strip());
    }

    private static OperationState operation(
            @CheckForNull FluxObjectStatus before, FluxEvent event, OperationPhase phase, String message) {
        return new OperationState(phase.wireName(), event.commit(), startedAt(before, event), null, 0, message);
    }

    /** What was applied before remains applied until an event reports otherwise. */
    private static ApplicationStatusBuilder draft(@CheckForNull FluxObjectStatus before, FluxEvent event) {
        ApplicationStatusBuilder draft = ApplicationStatusBuilder.of(event.object())
                .compared(event.commit())
                .branch(event.isRelease() ? null : FluxRevision.branch(event.revision()));
        return before == null ? draft : draft.synced(before.status().syncedRevision());
    }

    private static FluxObjectStatus state(
            @CheckForNull FluxObjectStatus before,
            FluxEvent event,
            ApplicationStatusBuilder draft,
            FluxHealthEvidence proof) {
        String at = event.at().toString();
        return new FluxObjectStatus(
                draft.observedAt(at).build(),
                event.uid() == null && before != null ? before.uid() : event.uid(),
                at,
                event.meaning().ordinal(),
                proof,
                event.nextAt());
    }

    /** The operation is the same one as long as it concerns the same commit and has not succeeded. */
    private static String startedAt(@CheckForNull FluxObjectStatus before, FluxEvent event) {
        OperationState last = before == null ? null : before.status().operation();
        boolean same = last != null
                && Objects.equals(last.revision(), event.commit())
                && OperationPhase.of(last.phase()) != OperationPhase.SUCCEEDED;
        return same ? last.startedAt() : event.at().toString();
    }

    private static String lines(FluxEvent event) {
        return event.message().strip().replace("\n", ", ");
    }
}
