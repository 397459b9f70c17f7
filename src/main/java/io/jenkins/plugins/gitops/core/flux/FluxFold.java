package io.jenkins.plugins.gitops.core.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.flux.FluxEvent.Meaning;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import io.jenkins.plugins.gitops.core.sync.Report.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Adds an event to what is known of an object. Events come late, twice, in another order or not at all, and their time
 * is known to the second only: an older one never takes the place of a newer one, and of those of one second about one
 * commit a failure stands above a success, and that above what led to it; the next reconciliation tells more.
 */
public final class FluxFold {
    private static final String NO_COMMIT =
            "Flux tells the version of its chart, %s, and no commit; name the Kustomization that"
                    + " applies it in gitops.yaml";

    private static final String NO_ORIGIN =
            "Flux tells the revision %s and no commit; give the artifact its origin revision" + " when it is pushed";

    private FluxFold() {}

    /**
     * @param before null when nothing is known
     * @return the same when the event adds nothing; null when nothing is known still
     */
    @CheckForNull
    public static FluxState add(@CheckForNull FluxState before, FluxEvent event) {
        if (!event.isDelivery() || event.meaning() == Meaning.OTHER) {
            return before;
        }
        if (before == null || isSame(before, event)) {
            return addTo(before, event);
        }
        // Deleted and made again: what the former one did says nothing of how this one is set up.
        return event.at().isBefore(before.time()) ? before : addTo(null, event);
    }

    private static boolean isSame(FluxState before, FluxEvent event) {
        return before.uid() == null || event.uid() == null || Objects.equals(before.uid(), event.uid());
    }

    @CheckForNull
    private static FluxState addTo(@CheckForNull FluxState before, FluxEvent event) {
        Meaning meaning = event.meaning();
        if (before != null && isLate(before, event)) {
            return meaning == Meaning.CHECKED ? proven(before, event) : before;
        }
        if (event.commit() == null) {
            return withoutCommit(before, event);
        }
        return switch (meaning) {
            case WAITING -> waiting(before, event);
            case CHANGED -> changed(before, event);
            case CHECKED -> applied(before, event, Health.HEALTHY, true, false);
            case SUCCEEDED -> succeeded(before, event);
            case UNHEALTHY -> applied(before, event, Health.DEGRADED, true, false);
            case NOT_BUILT -> notBuilt(before, event);
            default -> failed(before, event);
        };
    }

    private static boolean isLate(FluxState before, FluxEvent event) {
        Instant newest = before.time();
        return event.at().isBefore(newest)
                || event.at().equals(newest)
                        && event.meaning().ordinal() < before.rank()
                        && event.commit() != null
                        && Objects.equals(event.commit(), before.status().comparedRevision());
    }

    /** That health checks passed may be heard after the success that it led to. */
    private static FluxState proven(FluxState before, FluxEvent event) {
        ApplicationStatus status = before.status();
        boolean same = before.rank() == Meaning.SUCCEEDED.ordinal()
                && event.commit() != null
                && Objects.equals(event.commit(), status.syncedRevision())
                && Health.of(status.health()) == Health.UNKNOWN
                && (before.changedAt() == null || !event.at().isBefore(Instant.parse(before.changedAt())));
        if (!same) {
            return before;
        }
        ApplicationStatus healthy =
                new Draft(status).health(Health.HEALTHY).message(null).status(status.observedAt());
        return new FluxState(healthy, before.uid(), before.at(), before.rank(), true, false, before.changedAt());
    }

    private static FluxState withoutCommit(@CheckForNull FluxState before, FluxEvent event) {
        if (event.revision() == null) {
            // It never had a source; what was applied before still stands.
            return before;
        }
        boolean ended = !event.error() && event.meaning() != Meaning.TAKEN_BACK;
        String message =
                ended ? String.format(event.isRelease() ? NO_COMMIT : NO_ORIGIN, event.revision()) : event.message();
        Draft draft = new Draft(event.object()).message(message);
        return state(before, event, draft, false, false);
    }

    /** Nothing has been applied yet, and nothing is wrong. */
    private static FluxState waiting(@CheckForNull FluxState before, FluxEvent event) {
        if (before != null && Objects.equals(event.commit(), before.status().syncedRevision())) {
            return before;
        }
        return state(before, event, running(before, event), isChecked(before), isUnproven(before));
    }

    private static FluxState changed(@CheckForNull FluxState before, FluxEvent event) {
        boolean isNew = before == null
                || !Objects.equals(event.commit(), before.status().syncedRevision());
        Draft draft = running(before, event);
        String at = event.at().toString();
        return new FluxState(
                draft.status(at),
                event.uid(),
                at,
                event.meaning().ordinal(),
                isChecked(before),
                isNew || isUnproven(before),
                at);
    }

    private static Draft running(@CheckForNull FluxState before, FluxEvent event) {
        return draft(before, event)
                .sync(SyncState.OUT_OF_SYNC)
                .health(isChecked(before) ? Health.PROGRESSING : Health.UNKNOWN)
                .operation(new Operation(
                        OperationPhase.RUNNING.word(),
                        event.commit(),
                        startedAt(before, event),
                        null,
                        0,
                        event.message().strip().replace("\n", ", ")));
    }

    /** The end of a reconciliation includes health checks where they are set, which nothing but having seen them shows. */
    private static FluxState succeeded(@CheckForNull FluxState before, FluxEvent event) {
        boolean checked = isChecked(before);
        boolean unproven = isUnproven(before);
        Health health = checked && !unproven ? Health.HEALTHY : Health.UNKNOWN;
        return applied(before, event, health, checked, unproven);
    }

    private static FluxState applied(
            @CheckForNull FluxState before, FluxEvent event, Health health, boolean checked, boolean unproven) {
        boolean degraded = health == Health.DEGRADED;
        Draft draft = draft(before, event)
                .synced(event.commit())
                .sync(SyncState.SYNCED)
                .health(event.isRelease() && !degraded ? Health.UNKNOWN : health)
                .operation(new Operation(
                        OperationPhase.SUCCEEDED.word(),
                        event.commit(),
                        startedAt(before, event),
                        event.at().toString(),
                        0,
                        null));
        if (degraded) {
            draft.resources(Ailing.unhealthy(event.message())).message(event.message());
        } else if (health == Health.UNKNOWN) {
            draft.message("Flux has not said that health checks passed");
        }
        return state(before, event, draft, checked, unproven);
    }

    private static FluxState notBuilt(@CheckForNull FluxState before, FluxEvent event) {
        String since = event.at().toString();
        if (before != null) {
            since = before.status().conditions().stream()
                    .filter(c -> Objects.equals(event.commit(), c.revision()))
                    .map(Condition::at)
                    .findFirst()
                    .orElse(since);
        }
        Draft draft = draft(before, event)
                .sync(SyncState.UNKNOWN)
                .health(Health.UNKNOWN)
                .message(event.message())
                .conditions(List.of(new Condition("ComparisonError", event.message(), event.commit(), since)));
        return state(before, event, draft, isChecked(before), isUnproven(before));
    }

    /** Flux tries again; each try that fails is told once more. */
    private static FluxState failed(@CheckForNull FluxState before, FluxEvent event) {
        Operation last = before == null ? null : before.status().operation();
        boolean again = last != null
                && OperationPhase.of(last.phase()) == OperationPhase.FAILED
                && Objects.equals(last.revision(), event.commit());
        Draft draft = draft(before, event)
                .sync(SyncState.OUT_OF_SYNC)
                .health(Health.UNKNOWN)
                .operation(new Operation(
                        OperationPhase.FAILED.word(),
                        event.commit(),
                        startedAt(before, event),
                        event.at().toString(),
                        again ? last.retries() + 1 : 0,
                        event.message().strip()))
                .resources(Ailing.refused(event.message()));
        return state(before, event, draft, isChecked(before), isUnproven(before));
    }

    /** What was applied before still is, until something else is said. */
    private static Draft draft(@CheckForNull FluxState before, FluxEvent event) {
        Draft draft = new Draft(event.object()).compared(event.commit());
        return before == null ? draft : draft.synced(before.status().syncedRevision());
    }

    private static FluxState state(
            @CheckForNull FluxState before, FluxEvent event, Draft draft, boolean checked, boolean unproven) {
        String at = event.at().toString();
        String changedAt = before == null ? null : before.changedAt();
        return new FluxState(
                draft.status(at), event.uid(), at, event.meaning().ordinal(), checked, unproven, changedAt);
    }

    /** The same operation goes on while it is about the same commit and has not ended well. */
    private static String startedAt(@CheckForNull FluxState before, FluxEvent event) {
        Operation last = before == null ? null : before.status().operation();
        boolean same = last != null
                && Objects.equals(last.revision(), event.commit())
                && OperationPhase.of(last.phase()) != OperationPhase.SUCCEEDED;
        return same ? last.startedAt() : event.at().toString();
    }

    private static boolean isChecked(@CheckForNull FluxState before) {
        return before != null && before.checked();
    }

    private static boolean isUnproven(@CheckForNull FluxState before) {
        return before != null && before.unproven();
    }
}
