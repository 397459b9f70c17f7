package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import io.jenkins.plugins.gitops.status.Reports;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One agent as the dashboard shows it.
 *
 * @param environments those that it may report; null for any
 * @param state whether it reports
 * @param lastSeen null when it never reported
 * @param applications how many it reports; 0 when it never reported
 * @param synced how many of them are Synced
 * @param healthy how many of them are Healthy
 */
@Restricted(NoExternalUse.class)
public record AgentRow(
        String name,
        @CheckForNull String environments,
        Badge state,
        @CheckForNull Moment lastSeen,
        int applications,
        long synced,
        long healthy) {

    static List<AgentRow> all(Instant now) {
        return GitopsConfiguration.get().getAgents().stream()
                .map(agent -> of(agent, now))
                .toList();
    }

    private static AgentRow of(AgentConfiguration agent, Instant now) {
        Optional<ReportInbox.Received> newest = Reports.get().newest(agent);
        if (newest.isEmpty()) {
            Badge never = Badge.plain(Messages.AgentRow_never());
            return new AgentRow(agent.getName(), agent.getEnvironments(), never, null, 0, 0, 0);
        }
        ReportInbox.Received received = newest.get();
        List<Report.ApplicationStatus> applications = received.report().applications();
        return new AgentRow(
                agent.getName(),
                agent.getEnvironments(),
                now.isBefore(received.staleAt())
                        ? new Badge(Messages.AgentRow_reporting(), "success")
                        : Badge.warning(Messages.TargetCell_stale()),
                Moment.of(received.at(), now),
                applications.size(),
                applications.stream()
                        .filter(a -> SyncState.of(a.sync()) == SyncState.SYNCED)
                        .count(),
                applications.stream()
                        .filter(a -> Health.of(a.health()) == Health.HEALTHY)
                        .count());
    }
}
