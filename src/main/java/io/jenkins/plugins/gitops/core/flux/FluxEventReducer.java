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
 * Adds an event to what is known of an object. Events come late, twice, in another order or not at all, and their time
 * is known to the second only: an older one never takes the place of a newer one, and of those of one second about one
 * commit the later {@link Meaning} counts. What is said about health is kept apart, in {@link FluxHealthEvidence}: an
 * event that comes late still counts there for its own time.
 */
public final class FluxEventReducer {
    private static final String NO_COMMIT =
            "Flux reports the version of its chart, %s, but no commit; name the Kustomization that"
                    + " applies it in gitops.yaml";

    private static final String NO_ORIGIN =
            "Flux reports the revision %s but no commit; set the artifact's origin revision" + " when it is pushed";

    private FluxEventReducer() {}

    /**
     * @param before null when nothing is known
     * @return the same when the event adds nothing; null when nothing is known still
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
            // Deleted and made again: what the former one did says nothing of how this one is set up.
            return event.at().isBefore(before.time()) ? before : addTo(null, event);
        }
        return before.isDeleted() ? before : addTo(before, event);
    }

    private static boolean isAnother(FluxObjectStatus before, FluxEvent event) {
        String uid = before.uid();
        if (uid != null && event.uid() != null) {
            return !uid.equals(event.uid());
        }
        // One that does not tell which it is shows by what it applies that it was made again.
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
        // What was changed in that second came after the try that failed, whatever commit either is about.
        return event.meaning().ordinal() < before.rank()
                && (sameCommit || failedTry && before.rank() == Meaning.CHANGED.ordinal());
    }

    /** A late event leaves everything as it is, but may say more about health. */
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
            // It never had a source; what was applied before still stands.
            return before;
        }
        boolean ended = !event.error() && event.meaning() != Meaning.ROLLED_BACK;
        String message =
                ended ? String.format(event.isRelease() ? NO_COMMIT : NO_ORIGIN, event.revision()) : event.message();
        return state(
                before, event, ApplicationStatusBuilder.of(event.object()).message(message), FluxHealthEvidence.NONE);
    }

    /** Nothing has been applied yet, and nothing is wrong. */
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

    /** The end of a reconciliation proves no health by itself; what proved it before counts as long as nothing changed. */
    private static ApplicationStatusBuilder judged(
            ApplicationStatusBuilder draft, FluxHealthEvidence proof, @CheckForNull String synced) {
        if (!proof.isHealthy()) {
            return draft.health(Health.UNKNOWN).healthAt(null).message(proof.reason());
        }
        String carried = Objects.equals(proof.revision(), synced) ? null : proof.revision();
        return draft.health(Health.HEALTHY).healthAt(carried).message(null);
    }

    /** Only what is Failed is broken; what is still under way, missing or was not looked at to the end, Flux looks at again. */
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

    /** Nothing is wrong with the commit; Flux tries again until its source answers. */
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

    /** What began when the first try of that commit failed; Flux tries again and again. */
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

    /** What was applied before still is, until something else is said. */
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

    /** The same operation goes on while it is about the same commit and has not ended well. */
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
