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
 * One Application of an Argo CD server as one answer showed it.
 *
 * @param project its Argo CD project
 * @param namespace where its manifest is; null when the answer does not tell
 * @param name its name there
 * @param uid tells it from one of the same name that was deleted before
 * @param version rises with each write of it; -1 when it is no number
 * @param statuses one for each Git folder that it is made of; empty when there is none
 * @param facts what decides what the server is asked next
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
     * @param cluster where it deploys, as its destination says: URL or name
     * @param comparedAt when its last comparison with Git began, to the second; null before the first
     * @param refreshPending whether somebody asked for a refresh that the application-controller has not answered
     * @param automated whether it is synced automatically
     * @param workloads those of its resources that may have pod templates
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

    /** Tells it from all others of the server. */
    public String key() {
        return namespace + "/" + name;
    }

    /** What people call it; also the name in its statuses. */
    public String label() {
        return statuses.isEmpty() ? name : statuses.get(0).name();
    }

    /** Whether another answer about the same application was written before this one. */
    public boolean isNewerThan(ArgoCdApplication other) {
        return uid.equals(other.uid) && version >= 0 && other.version >= 0 && version > other.version;
    }

    /** Whether nothing is left to be told about its resources. */
    public boolean isSettled() {
        return statuses.stream()
                .allMatch(s -> SyncState.of(s.sync()) == SyncState.SYNCED
                        && Health.of(s.health()) == Health.HEALTHY
                        && !s.requested()
                        && !s.deleting()
                        && !isRunning(s.operation()));
    }

    /** Whether the server sees a difference and does nothing about it. */
    public boolean isIdleOutOfSync() {
        return statuses.stream()
                .anyMatch(s ->
                        SyncState.of(s.sync()) == SyncState.OUT_OF_SYNC && !s.requested() && !isRunning(s.operation()));
    }

    /**
     * The end of the operation after which only another comparison tells what came of it: Argo CD writes both to the
     * second, and the second of a comparison is that in which it began. Null when there is no such doubt.
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

    /** Whether the last comparison began during the last sync or later, and found the cluster to be what that applied. */
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

    /** Whether its last comparison failed; one that was never compared has not failed. */
    public boolean isUnknown() {
        return statuses.stream()
                .anyMatch(s -> SyncState.of(s.sync()) == SyncState.UNKNOWN
                        && !s.conditions().isEmpty());
    }

    /** Whether another state of it would lead to the same verdicts. */
    public boolean isEquivalentTo(ArgoCdApplication other) {
        return facts.equals(other.facts)
                && statuses.stream()
                        .map(ApplicationStatus::withoutTimestamps)
                        .toList()
                        .equals(other.statuses.stream()
                                .map(ApplicationStatus::withoutTimestamps)
                                .toList());
    }

    /** The same with other statuses. */
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

    /** A status whose comparison is known to have begun then, though its server tells an earlier second. */
    public static ApplicationStatus comparedAt(ApplicationStatus status, String at) {
        return ApplicationStatusBuilder.of(status).comparedAt(at).build();
    }

    /** A status with other resources that are not done. */
    public static ApplicationStatus withResources(ApplicationStatus status, List<ResourceStatus> resources) {
        return ApplicationStatusBuilder.of(status).resources(resources).build();
    }

    private static boolean isRunning(@CheckForNull OperationState operationState) {
        return operationState != null && OperationPhase.of(operationState.phase()) == OperationPhase.RUNNING;
    }
}
