package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Operation;
import java.util.List;
import java.util.Objects;

/**
 * One Application of an Argo CD server as one answer showed it.
 *
 * @param project its Argo CD project
 * @param namespace where its manifest is; null when the answer does not tell
 * @param name its name there
 * @param uid tells it from one of the same name that was deleted before
 * @param version rises with each write of it; -1 when it is no number
 * @param statuses one for each Git folder that it is made of; empty when there is none
 */
public record ArgoState(
        String project,
        @CheckForNull String namespace,
        String name,
        String uid,
        long version,
        List<ApplicationStatus> statuses) {
    public ArgoState {
        statuses = List.copyOf(statuses);
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
    public boolean isNewerThan(ArgoState other) {
        return uid.equals(other.uid) && version >= 0 && other.version >= 0 && version > other.version;
    }

    /** Whether nothing is left to be told about its resources. */
    public boolean isDone() {
        return statuses.stream()
                .allMatch(s -> SyncState.of(s.sync()) == SyncState.SYNCED
                        && Health.of(s.health()) == Health.HEALTHY
                        && !s.requested()
                        && !s.deleting()
                        && !isRunning(s.operation()));
    }

    /** Whether the server sees a difference and does nothing about it. */
    public boolean isLeftAlone() {
        return statuses.stream()
                .anyMatch(s ->
                        SyncState.of(s.sync()) == SyncState.OUT_OF_SYNC && !s.requested() && !isRunning(s.operation()));
    }

    /**
     * The end of the operation after which only another comparison tells what came of it: Argo CD writes both to the
     * second, and the second of a comparison is that in which it began. Null when there is no such doubt.
     */
    @CheckForNull
    public String undecidedEnd() {
        return statuses.stream()
                .filter(s -> !s.requested() && !isRunning(s.operation()) && !s.isComparedAfterSync())
                .map(ApplicationStatus::operation)
                .filter(Objects::nonNull)
                .map(Operation::finishedAt)
                .findFirst()
                .orElse(null);
    }

    /** The same with the reason why nothing happens. */
    public ArgoState blockedBy(String reason) {
        return new ArgoState(
                project,
                namespace,
                name,
                uid,
                version,
                statuses.stream().map(s -> s.withMessage(reason)).toList());
    }

    private static boolean isRunning(@CheckForNull Operation operation) {
        return operation != null && OperationPhase.of(operation.phase()) == OperationPhase.RUNNING;
    }
}
