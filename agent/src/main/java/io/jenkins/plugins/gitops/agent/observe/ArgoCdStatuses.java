package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The statuses of one Application of Argo CD: those of its own status, completed with what is observed of its
 * workloads.
 */
final class ArgoCdStatuses {
    /** Even a busy controller performs a refresh within a few seconds. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private ArgoCdStatuses() {}

    /**
     * @param inventory null if it deploys to another cluster, so that only its own status is available
     * @return one per Git folder that is a source
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
