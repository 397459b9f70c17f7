package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.Report;
import java.time.Instant;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The current state of one agent.
 *
 * @param environments comma-separated names of the environments that it may report on; null for any
 * @param lastSeen when it was last heard from; null when never
 * @param stale whether its last report is too old to count
 * @param problem why it cannot be reached, one line; null when it can
 * @param applications as it reported them last
 */
@Restricted(NoExternalUse.class)
public record AgentInfo(
        AgentKind kind,
        String name,
        @CheckForNull String environments,
        @CheckForNull Instant lastSeen,
        boolean stale,
        @CheckForNull String problem,
        List<Report.ApplicationStatus> applications) {
    public AgentInfo {
        applications = List.copyOf(applications);
    }
}
