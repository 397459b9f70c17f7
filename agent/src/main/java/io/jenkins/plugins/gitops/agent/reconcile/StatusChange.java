package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;

/** Compares and formats statuses for the log. */
final class StatusChange {
    private StatusChange() {}

    /** Whether two statuses differ only in the time of observation. */
    static boolean isSame(ApplicationStatus one, ApplicationStatus other) {
        return at(one, other.observedAt()).equals(other);
    }

    private static ApplicationStatus at(ApplicationStatus s, String observedAt) {
        return new ApplicationStatus(
                s.name(),
                s.repository(),
                s.path(),
                s.comparedRevision(),
                s.syncedRevision(),
                s.sync(),
                s.health(),
                s.operation(),
                s.images(),
                s.resources(),
                s.message(),
                observedAt,
                s.comparedAt(),
                s.requested(),
                s.deleting(),
                s.conditions(),
                s.details(),
                s.deployedBy());
    }

    /** {@code payments-api-dev: Synced, Progressing at 1a2b3c4d (Deployment payments-api: 0 of 1 available)}. */
    static String line(ApplicationStatus status) {
        StringBuilder line = new StringBuilder(status.name() + ": " + status.sync() + ", " + status.health());
        if (status.comparedRevision() != null) {
            line.append(" at ").append(ShortRevision.of(status.comparedRevision()));
        }
        Report.OperationState operationState = status.operation();
        if (operationState != null && operationState.finishedAt() == null) {
            line.append(", syncing");
        } else if (operationState != null && operationState.message() != null) {
            line.append(", ").append(operationState.message());
        }
        if (status.message() != null) {
            line.append(" (").append(status.message()).append(')');
        } else {
            status.resources().stream()
                    .filter(r -> r.message() != null)
                    .findFirst()
                    .ifPresent(r -> line.append(" (" + r.label() + ": " + r.message() + ")"));
        }
        status.conditions().stream()
                .filter(condition -> condition.type().endsWith("Warning"))
                .forEach(condition -> line.append("; warning: ").append(condition.message()));
        return line.toString();
    }
}
