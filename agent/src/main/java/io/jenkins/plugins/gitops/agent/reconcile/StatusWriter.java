package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.cluster.SecretMask;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Converts the result of a reconciliation to the format of the report. */
final class StatusWriter {
    private static final int MAX_MESSAGE_LENGTH = 500;
    /** The longest name that Kubernetes allows; a manifest may contain a longer one. */
    private static final int MAX_NAME_LENGTH = 253;
    /** Worst first, since the report contains only a limited number. */
    private static final Comparator<ResourceState> BY_HEALTH = Comparator.comparing(StatusWriter::urgency);

    private final String repository;
    private final Supplier<String> branch;

    /** @param branch the one that is followed now */
    StatusWriter(String repository, Supplier<String> branch) {
        this.repository = repository;
        this.branch = branch;
    }

    /** The status of an application that could not be compared; keeps what was known before. */
    ApplicationStatus unknown(
            ApplicationManifest source,
            @CheckForNull ApplicationStatus before,
            @CheckForNull Report.OperationState operationState,
            String message,
            List<ApplicationCondition> conditions,
            Instant now) {
        return new ApplicationStatus(
                source.name(),
                repository,
                path(source),
                before == null ? null : before.comparedRevision(),
                before == null ? null : before.syncedRevision(),
                SyncState.UNKNOWN.wireName(),
                before == null ? Health.UNKNOWN.wireName() : before.health(),
                operationState,
                before == null ? List.of() : before.images(),
                before == null ? List.of() : before.resources(),
                bounded(message),
                now.toString(),
                null,
                false,
                false,
                conditions,
                before == null ? details(null) : before.details());
    }

    /**
     * @param failures the server's message by resource, from the last sync
     * @param message an explanation of an unexpected sync state; null if there is none
     */
    ApplicationStatus compared(
            ApplicationManifest source,
            String comparedRevision,
            @CheckForNull String syncedRevision,
            DesiredState desired,
            Comparison comparison,
            @CheckForNull Report.OperationState operationState,
            Map<String, String> failures,
            @CheckForNull String message,
            List<ApplicationCondition> conditions,
            Instant now) {
        SecretMask mask = SecretMask.of(desired);
        SyncState sync = comparison.isInSync() ? SyncState.SYNCED : SyncState.OUT_OF_SYNC;
        List<Report.ResourceStatus> resources = comparison.resources().stream()
                .filter(StatusWriter::isNoteworthy)
                .sorted(BY_HEALTH)
                .limit(ApplicationStatus.MAX_RESOURCES)
                .map(state -> resource(state, failures.get(state.label()), mask))
                .toList();
        return new ApplicationStatus(
                source.name(),
                repository,
                path(source),
                comparedRevision,
                syncedRevision,
                sync.wireName(),
                comparison.health().wireName(),
                operationState,
                desired.images().stream()
                        .limit(Report.Details.MAX_IMAGES)
                        .map(TextSanitizer::line)
                        .toList(),
                resources,
                bounded(mask.mask(message)),
                now.toString(),
                null,
                false,
                false,
                conditions,
                details(masked(comparison.running(), mask)));
    }

    @CheckForNull
    private static List<Report.RunningImage> masked(@CheckForNull List<Report.RunningImage> running, SecretMask mask) {
        return running == null
                ? null
                : running.stream()
                        .map(i -> i.withMessage(mask.mask(i.message())))
                        .toList();
    }

    private Report.Details details(@CheckForNull List<Report.RunningImage> running) {
        return new Report.Details(branch.get(), null, null, running, List.of());
    }

    /** Returns a copy with the action that a person must take. */
    static ApplicationStatus blocked(ApplicationStatus status, String why) {
        Report.Details details = status.details();
        return status.withDetails(new Report.Details(
                details.branch(), why, details.outdated(), details.running(), details.overrides(), details.healthAt()));
    }

    /** Whether it is unhealthy, differs, or has a message. */
    private static boolean isNoteworthy(ResourceState state) {
        HealthStatus healthStatus = state.assessment();
        boolean remarked =
                healthStatus != null && healthStatus.health() != Health.HEALTHY && healthStatus.message() != null;
        return remarked || isUnhealthy(state) || state.difference() != Difference.SAME;
    }

    private static boolean isUnhealthy(ResourceState state) {
        HealthStatus healthStatus = state.assessment();
        return healthStatus != null && healthStatus.health() != null && healthStatus.health() != Health.HEALTHY;
    }

    /** Smaller is more urgent; equal ones keep the order of application. */
    private static int urgency(ResourceState state) {
        boolean notApplied = state.difference() == Difference.NOT_PERMITTED
                || state.difference() == Difference.REFUSED
                || state.difference() == Difference.DENIED;
        if (notApplied) {
            return 0;
        }
        if (isUnhealthy(state)) {
            return Health.values().length - state.assessment().health().ordinal();
        }
        return Health.values().length + (state.difference() == Difference.SAME ? 1 : 0);
    }

    private static Report.ResourceStatus resource(ResourceState state, @CheckForNull String failure, SecretMask mask) {
        SyncState sync = state.difference() == Difference.SAME ? SyncState.SYNCED : SyncState.OUT_OF_SYNC;
        Health health = state.assessment() == null
                ? state.live() == null ? Health.MISSING : null
                : state.assessment().health();
        String message = failure;
        if (message == null) {
            message = state.message();
        }
        if (message == null && state.assessment() != null) {
            message = state.assessment().message();
        }
        return new Report.ResourceStatus(
                name(state.kindName()),
                state.id() == null ? null : name(state.id().namespace()),
                name(state.name()),
                sync.wireName(),
                health == null ? null : health.wireName(),
                bounded(mask.mask(message)),
                state.desired() == null);
    }

    private static String path(ApplicationManifest source) {
        if (source.spec() != null) {
            return source.spec().path();
        }
        return source.path() == null ? "" : source.path();
    }

    @CheckForNull
    private static String name(@CheckForNull String name) {
        return name == null ? null : TextSanitizer.line(name, MAX_NAME_LENGTH);
    }

    /** One line; the middle of a long message is omitted, since the server's reason is often at its end. */
    @CheckForNull
    static String bounded(@CheckForNull String message) {
        return message == null ? null : TextSanitizer.middle(message, MAX_MESSAGE_LENGTH);
    }
}
