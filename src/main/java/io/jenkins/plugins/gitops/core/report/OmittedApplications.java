package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of the applications that a report had no room for: their last status, which says that it is outdated. */
final class OmittedApplications {
    private OmittedApplications() {}

    /**
     * The next report, with the last statuses of the applications that it may have left out. One that is gone cannot be
     * told from these; it goes with the first report that leaves out none.
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
