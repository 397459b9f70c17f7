package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds applications whose agent keeps reporting them without having checked them recently, so that their status is
 * outdated. Our own agent observes each application every few seconds. The statuses of Argo CD and Flux have their own
 * times, which change only when something happens; those are not checked.
 */
final class StalledObservation {
    /** Twice the allowed clock difference. */
    static final Duration LIMIT = Duration.ofMinutes(10);

    private StalledObservation() {}

    /**
     * Returns the report with such applications marked as outdated.
     *
     * @param now when it was received
     */
    static Report markStalled(Report report, Instant now) {
        if (report.applications().stream().noneMatch(a -> isStalled(a, now))) {
            return report;
        }
        return report.withApplications(report.applications().stream()
                .map(a -> isStalled(a, now) ? outdated(a) : a)
                .toList());
    }

    private static boolean isStalled(ApplicationStatus application, Instant now) {
        return !application.isObserved()
                && application.details().outdated() == null
                && Instant.parse(application.observedAt()).plus(LIMIT).isBefore(now);
    }

    private static ApplicationStatus outdated(ApplicationStatus application) {
        return application.withDetails(application
                .details()
                .withOutdated("the agent reports, but has not checked " + application.name() + " since "
                        + application.observedAt() + "; see its log and /healthz, and restart it"));
    }
}
