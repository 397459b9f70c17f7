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
 * Which statuses of one application are worth a line of the log: each that says something else than the one before. A failed
 * sync that is tried again and fails alike is said once, then from time to time with the number of its tries.
 */
final class StatusLog {
    private static final Logger LOGGER = Logger.getLogger(StatusLog.class.getName());
    /** Between two lines about the same failure. */
    static final Duration REMINDER = Duration.ofMinutes(30);

    /** The failure that was logged last; null when the application has no failed sync. */
    private String failure;

    private Instant loggedAt;

    /** @param log gets a line when the status says something new */
    void publish(ApplicationStatus status, Instant now, Consumer<String> log) {
        line(status, now).ifPresentOrElse(log, () -> LOGGER.log(Level.FINE, "{0}", StatusChange.line(status)));
    }

    /** The line for a status that was published; empty when it says nothing new. */
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

    /** What stays the same from try to try. */
    private static String withoutNextTry(String line) {
        return line.replaceAll(SyncOperation.NEXT_TRY + "[0-9TZ:-]+", "");
    }
}
