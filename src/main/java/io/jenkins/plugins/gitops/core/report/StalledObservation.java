package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds applications that their agent reports again and again without looking at them any more: what was observed last says
 * nothing about now. An agent of this project observes each application every few seconds. What an observer tells of Argo CD
 * and Flux has their own times, which move only when something happens, and is left as it is.
 */
final class StalledObservation {
    /** Twice what the clocks of both sides may be apart. */
    static final Duration LIMIT = Duration.ofMinutes(10);

    private StalledObservation() {}

    /** The same report, where such applications say that they are outdated. @param now when it was received */
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
