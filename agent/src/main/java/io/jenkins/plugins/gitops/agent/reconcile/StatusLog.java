package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Selects the statuses of one application to log: each that differs from the previous one. If a failed sync is retried
 * and fails in the same way, it is logged once, then at intervals with the number of retries.
 */
final class StatusLog {
    private static final Logger LOGGER = Logger.getLogger(StatusLog.class.getName());
    /** The time between two lines about the same failure. */
    static final Duration REMINDER = Duration.ofMinutes(30);

    /** The last logged failure; null if the application has no failed sync. */
    private String failure;

    private Instant loggedAt;

    /** @param log receives a line if the status is new */
    void publish(ApplicationStatus status, Instant now, Consumer<String> log) {
        line(status, now).ifPresentOrElse(log, () -> LOGGER.log(Level.FINE, "{0}", StatusChange.line(status)));
    }

    /** The line for a published status; empty if it is not new. */
    Optional<String> line(ApplicationStatus status, Instant now) {
        String line = StatusChange.line(status);
        Report.OperationState operationState = status.operation();
        if (operationState == null || operationState.message() == null) {
            failure = null;
            return Optional.of(line);
        }
        if (operationState.finishedAt() == null) {
            return failure == null ? Optional.of(line) : Optional.empty();
        }
        String said = withoutNextTry(line);
        if (!said.equals(failure)) {
            failure = said;
            loggedAt = now;
            return Optional.of(line);
        }
        if (now.isBefore(loggedAt.plus(REMINDER))) {
            return Optional.empty();
        }
        loggedAt = now;
        return Optional.of(
                line + "; retried " + operationState.retries() + " times since " + operationState.startedAt());
    }

    /** Removes the part that changes with each attempt. */
    private static String withoutNextTry(String line) {
        return line.replaceAll(SyncOperation.NEXT_TRY + "[0-9TZ:-]+", "");
    }
}
