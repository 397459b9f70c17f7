package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps the last status of applications that a report omitted for lack of space, marked as outdated. */
final class OmittedApplications {
    private OmittedApplications() {}

    /**
     * Returns the next report with the last statuses of the applications that it may have omitted. A deleted
     * application cannot be distinguished from an omitted one; it disappears with the next report that omits none.
     */
    static Report keep(Report last, Report next) {
        if (next.omitted() == 0) {
            return next;
        }
        Set<String> listed =
                next.applications().stream().map(ApplicationStatus::name).collect(Collectors.toSet());
        List<ApplicationStatus> all = new ArrayList<>(next.applications());
        last.applications().stream()
                .filter(status -> !listed.contains(status.name()))
                .map(OmittedApplications::outdated)
                .forEach(all::add);
        return next.withApplications(all);
    }

    private static ApplicationStatus outdated(ApplicationStatus status) {
        return status.details().outdated() != null
                ? status
                : status.withDetails(status.details()
                        .withOutdated("not in the agent's last report, which was too small for it; shown as of "
                                + status.observedAt()
                                + ". Share the applications between several agents, or allow larger requests where a"
                                + " proxy is in front of Jenkins"));
    }
}
