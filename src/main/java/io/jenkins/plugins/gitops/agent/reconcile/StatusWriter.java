package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSource;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.core.model.CleanText;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Puts into the words of the report what a pass found. */
final class StatusWriter {
    private static final int LONGEST_MESSAGE = 500;

    private final String repository;
    private final String branch;

    StatusWriter(String repository, String branch) {
        this.repository = repository;
        this.branch = branch;
    }

    /** An application that could not be compared; what was known of it before is kept. */
    ApplicationStatus unknown(
            ApplicationSource source,
            @CheckForNull ApplicationStatus before,
            @CheckForNull Operation operation,
            String message,
            List<Condition> conditions,
            Instant now) {
        return new ApplicationStatus(
                source.name(),
                repository,
                path(source),
                before == null ? null : before.comparedRevision(),
                before == null ? null : before.syncedRevision(),
                SyncState.UNKNOWN.word(),
                before == null ? Health.UNKNOWN.word() : before.health(),
                operation == null ? null : operation.report(),
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
     * @param message why the sync state is not what one would expect; null when there is nothing to explain
     */
    ApplicationStatus compared(
            ApplicationSource source,
            String comparedRevision,
            @CheckForNull String syncedRevision,
            DesiredState desired,
            Comparison comparison,
            @CheckForNull Operation operation,
            Map<String, String> failures,
            @CheckForNull String message,
            List<Condition> conditions,
            Instant now) {
        SyncState sync = comparison.isSame() ? SyncState.SYNCED : SyncState.OUT_OF_SYNC;
        List<Report.Resource> resources = comparison.resources().stream()
                .filter(StatusWriter::isNoteworthy)
                .limit(ApplicationStatus.MAX_RESOURCES)
                .map(state -> resource(state, failures.get(state.label())))
                .toList();
        return new ApplicationStatus(
                source.name(),
                repository,
                path(source),
                comparedRevision,
                syncedRevision,
                sync.word(),
                comparison.health().word(),
                operation == null ? null : operation.report(),
                desired.images(),
                resources,
                bounded(message),
                now.toString(),
                null,
                false,
                false,
                conditions,
                details(comparison.running()));
    }

    private Report.Details details(@CheckForNull List<Report.RunningImage> running) {
        return new Report.Details(branch, null, null, running, List.of());
    }

    /** The same, with what a person has to do before the rest is done. */
    static ApplicationStatus blocked(ApplicationStatus status, String why) {
        Report.Details details = status.details();
        return status.withDetails(new Report.Details(
                details.branch(), why, details.outdated(), details.running(), details.overrides(), details.healthAt()));
    }

    private static boolean isNoteworthy(ResourceState state) {
        boolean ill = state.assessment() != null
                && state.assessment().health() != null
                && state.assessment().health() != Health.HEALTHY;
        return ill || state.difference() != Difference.SAME;
    }

    private static Report.Resource resource(ResourceState state, @CheckForNull String failure) {
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
        return new Report.Resource(
                state.kindName(),
                state.id() == null ? null : state.id().namespace(),
                state.name(),
                sync.word(),
                health == null ? null : health.word(),
                bounded(message),
                state.desired() == null);
    }

    private static String path(ApplicationSource source) {
        if (source.spec() != null) {
            return source.spec().path();
        }
        return source.path() == null ? "" : source.path();
    }

    /** One line that keeps the beginning and the end, where the cause of an error often is. */
    @CheckForNull
    static String bounded(@CheckForNull String message) {
        return message == null ? null : CleanText.middle(message, LONGEST_MESSAGE);
    }
}
