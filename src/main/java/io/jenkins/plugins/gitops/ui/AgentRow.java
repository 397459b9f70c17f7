package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSources;
import io.jenkins.plugins.gitops.status.report.RejectedReports;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One agent, as a row of the dashboard's Agents table.
 *
 * @param kind its kind, as text for people
 * @param environments those that it may report on; null for any
 * @param state whether it reports
 * @param problem why it cannot be reached; null when it can
 * @param lastSeen null when it has never reported
 * @param applications number of applications that it reports; 0 when it has never reported
 * @param synced how many of them are Synced
 * @param healthy how many of them are Healthy
 */
@Restricted(NoExternalUse.class)
public record AgentRow(
        String kind,
        String name,
        @CheckForNull String environments,
        StatusBadge state,
        @CheckForNull String problem,
        @CheckForNull RelativeTime lastSeen,
        int applications,
        long synced,
        long healthy) {

    static List<AgentRow> all(Instant now) {
        List<AgentRow> rows = new ArrayList<>();
        StatusSources.agents(now).forEach(agent -> rows.add(of(agent, now)));
        // Rejected senders are shown only to users who could configure them as agents.
        if (Jenkins.get().hasPermission(GitopsPermissions.CONFIGURE)) {
            RejectedReports.get().all().forEach(rejection -> rows.add(of(rejection, now)));
        }
        return rows;
    }

    private static AgentRow of(RejectedReports.Rejection rejection, Instant now) {
        return new AgentRow(
                Messages.AgentRow_unknown(),
                rejection.name().isEmpty() ? Messages.AgentRow_noName() : rejection.name(),
                "",
                StatusBadge.warning(Messages.AgentRow_refused()),
                Messages.AgentRow_refusal(rejection.address(), rejection.reason(), rejection.times()),
                RelativeTime.of(rejection.at(), now),
                0,
                0,
                0);
    }

    private static AgentRow of(AgentInfo agent, Instant now) {
        List<Report.ApplicationStatus> applications = agent.applications();
        Instant lastSeen = agent.lastSeen();
        return new AgentRow(
                agent.kind().displayName(),
                agent.name(),
                agent.environments(),
                badge(agent),
                agent.problem(),
                lastSeen == null ? null : RelativeTime.of(lastSeen, now),
                applications.size(),
                applications.stream()
                        .filter(a -> SyncState.of(a.sync()) == SyncState.SYNCED)
                        .count(),
                applications.stream()
                        .filter(a -> Health.of(a.health()) == Health.HEALTHY)
                        .count());
    }

    private static StatusBadge badge(AgentInfo agent) {
        if (agent.problem() != null) {
            return StatusBadge.warning(Messages.AgentRow_problem());
        }
        if (agent.lastSeen() == null) {
            return StatusBadge.plain(Messages.AgentRow_never());
        }
        return agent.stale()
                ? StatusBadge.warning(Messages.TargetCell_stale())
                : new StatusBadge(Messages.AgentRow_reporting(), "success");
    }
}
