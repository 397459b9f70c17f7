package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The statuses of one Application of Argo CD: what its API would say, and what is seen of its workloads. */
final class ArgoCdStatuses {
    /** A refresh is answered within some seconds, also by a busy controller. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private ArgoCdStatuses() {}

    /**
     * @param inventory null when it deploys to another cluster, so that only Argo CD's own word counts
     * @return one for each Git folder that it is made of
     */
    static List<ApplicationStatus> of(
            ObservedApplication application, @CheckForNull WorkloadInventory inventory, Instant now) {
        return application.state().statuses().stream()
                .map(status -> status.withDetails(details(application, status, inventory, now))
                        .withDeployedBy(AgentKind.ARGO_CD))
                .toList();
    }

    private static Details details(
            ObservedApplication application,
            ApplicationStatus status,
            @CheckForNull WorkloadInventory inventory,
            Instant now) {
        Details own = status.details();
        Instant asked = application.refreshSince();
        boolean silent = asked != null && now.isAfter(asked.plus(ANSWER));
        return new Details(
                own.branch(),
                own.blocked(),
                silent
                        ? "Argo CD has not compared " + status.name() + " since " + status.comparedAt()
                                + ", though a refresh was requested at " + asked
                                + "; is its application-controller running?"
                        : own.outdated(),
                inventory == null || inventory.unseen() != null ? own.running() : inventory.running(),
                own.overrides(),
                own.healthAt());
    }
}
