package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * One Application of an Argo CD server as returned in one response.
 *
 * @param project its Argo CD project
 * @param namespace the namespace of its manifest; null if the response does not contain it
 * @param name its name there
 * @param uid distinguishes it from a deleted one of the same name
 * @param version increases with each write; -1 if it is not a number
 * @param statuses one per Git folder that is a source; empty if there is none
 * @param facts what determines the next request to the server
 */
public record ArgoCdApplication(
        String project,
        @CheckForNull String namespace,
        String name,
        String uid,
        long version,
        List<ApplicationStatus> statuses,
        ApplicationFacts facts) {
    public ArgoCdApplication {
        statuses = List.copyOf(statuses);
    }

    /**
     * What determines the next request about an application.
     *
     * @param cluster the destination cluster, as given: URL or name
     * @param comparedAt when its last comparison with Git started, to the second; null before the first
     * @param refreshPending whether a refresh was requested that the application-controller has not performed yet
     * @param automated whether it is synced automatically
     * @param workloads its resources that may have pod templates
     */
    public record ApplicationFacts(
            String cluster,
            @CheckForNull Instant comparedAt,
            boolean refreshPending,
            boolean automated,
            List<ManagedWorkload> workloads) {
        public ApplicationFacts {
            workloads = List.copyOf(workloads);
        }
    }

    /** Identifies it among all applications of the server. */
    public String key() {
        return namespace + "/" + name;
    }

    /** The display name, also the name in its statuses. */
    public String label() {
        return statuses.isEmpty() ? name : statuses.get(0).name();
    }

    /** Whether this is a later state of the same application, by resource version. */
    public boolean isNewerThan(ArgoCdApplication other) {
        return uid.equals(other.uid) && version >= 0 && other.version >= 0 && version > other.version;
    }

    /** Whether no update is expected: all is Synced and Healthy, and nothing is running, requested or being deleted. */
    public boolean isSettled() {
        return statuses.stream()
                .allMatch(s -> SyncState.of(s.sync()) == SyncState.SYNCED
                        && Health.of(s.health()) == Health.HEALTHY
                        && !s.requested()
                        && !s.deleting()
                        && !isRunning(s.operation()));
    }

    /** Whether the application is OutOfSync, and no sync is running or requested. */
    public boolean isIdleOutOfSync() {
        return statuses.stream()
                .anyMatch(s ->
                        SyncState.of(s.sync()) == SyncState.OUT_OF_SYNC && !s.requested() && !isRunning(s.operation()));
    }

    /**
     * The end of the last sync if it is unclear whether the comparison came after it: Argo CD writes both times with a
     * resolution of one second, and that of a comparison is its start. Only another comparison then shows the outcome.
     * Null if the order is clear.
     */
    @CheckForNull
    public String ambiguousSyncEnd() {
        return statuses.stream()
                .filter(s -> !s.requested() && !isRunning(s.operation()) && !s.isComparedAfterSync())
                .map(ApplicationStatus::operation)
                .filter(Objects::nonNull)
                .map(OperationState::finishedAt)
                .findFirst()
                .orElse(null);
    }

    /** Whether the last comparison started during the last sync or later, and found the cluster as the sync left it. */
    public boolean isFoundAsSynced() {
        return statuses.stream().allMatch(s -> {
            OperationState operationState = s.operation();
            return operationState != null
                    && OperationPhase.of(operationState.phase()) == OperationPhase.SUCCEEDED
                    && SyncState.of(s.sync()) == SyncState.SYNCED
                    && Objects.equals(s.comparedRevision(), operationState.revision())
                    && s.comparedAt() != null
                    && !Instant.parse(s.comparedAt()).isBefore(Instant.parse(operationState.startedAt()));
        });
    }

    /** Whether the last comparison failed; false before the first comparison. */
    public boolean isUnknown() {
        return statuses.stream()
                .anyMatch(s -> SyncState.of(s.sync()) == SyncState.UNKNOWN
                        && !s.conditions().isEmpty());
    }

    /** Whether the other state leads to the same verdicts. */
    public boolean isEquivalentTo(ArgoCdApplication other) {
        return facts.equals(other.facts)
                && statuses.stream()
                        .map(ApplicationStatus::withoutTimestamps)
                        .toList()
                        .equals(other.statuses.stream()
                                .map(ApplicationStatus::withoutTimestamps)
                                .toList());
    }

    /** Returns a copy with changed statuses. */
    public ArgoCdApplication with(UnaryOperator<ApplicationStatus> change) {
        return new ArgoCdApplication(
                project,
                namespace,
                name,
                uid,
                version,
                statuses.stream().map(change).toList(),
                facts);
    }

    /**
     * Returns a copy of a status with the time at which its comparison is known to have started, though the server
     * reports an earlier second.
     */
    public static ApplicationStatus comparedAt(ApplicationStatus status, String at) {
        return ApplicationStatusBuilder.of(status).comparedAt(at).build();
    }

    /** Returns a copy of a status with other unready resources. */
    public static ApplicationStatus withResources(ApplicationStatus status, List<ResourceStatus> resources) {
        return ApplicationStatusBuilder.of(status).resources(resources).build();
    }

    private static boolean isRunning(@CheckForNull OperationState operationState) {
        return operationState != null && OperationPhase.of(operationState.phase()) == OperationPhase.RUNNING;
    }
}
