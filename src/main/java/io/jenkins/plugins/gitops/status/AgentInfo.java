package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.Report;
import java.time.Instant;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One agent as it is now.
 *
 * @param environments comma separated names of those that it may speak for; null for any
 * @param lastSeen when it was last heard of; null when never
 * @param stale whether it has been silent for too long to be believed
 * @param problem why it cannot be asked just now, one line; null when it can
 * @param applications what it said last
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
