package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.status.AgentLink;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.time.Instant;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * A target with its history, as the local clone has it: made for one request, without network. The page shows it, and the
 * remote API exports it.
 *
 * @param repository its name
 * @param hold null when the target may be changed
 * @param changes the newest first
 * @param more whether there are older changes than these
 * @param links where agents show what runs
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public record TargetDetails(
        @Exported String repository,
        Target target,
        @Exported @CheckForNull HoldInfo hold,
        @Exported List<HistoryRow> changes,
        @Exported boolean more,
        @Exported List<AgentLink> links) {
    private static final int SHOWN = TargetHistories.CHANGES - 1;

    /**
     * Who holds the target.
     *
     * @param reason as in Git; text from outside
     */
    @ExportedBean(defaultVisibility = 2)
    @Restricted(NoExternalUse.class)
    public record HoldInfo(
            @Exported String by,
            RelativeTime since,
            @Exported String reason) {
        static HoldInfo of(Hold hold, Instant now) {
            return new HoldInfo(hold.by(), RelativeTime.of(hold.since(), now), hold.reason());
        }

        /** Since when: ISO 8601, UTC. */
        @Exported(name = "since")
        public String at() {
            return since.iso();
        }
    }

    public TargetDetails {
        changes = List.copyOf(changes);
        links = List.copyOf(links);
    }

    static TargetDetails of(
            RepositoryConfiguration repository, TargetHistories.HistoryAtTip historyAtTip, Instant now) {
        BuildLinks builds = new BuildLinks();
        return new TargetDetails(
                repository.getName(),
                historyAtTip.target(),
                historyAtTip.hold().map(h -> HoldInfo.of(h, now)).orElse(null),
                historyAtTip.entries().stream()
                        .limit(SHOWN)
                        .map(e -> HistoryRow.of(e, builds, now))
                        .toList(),
                historyAtTip.cut() || historyAtTip.entries().size() > SHOWN,
                StatusSources.links(repository, historyAtTip.target()));
    }

    @Exported
    public String application() {
        return target.application();
    }

    @Exported
    public String environment() {
        return target.environment();
    }

    /** Folder in the config repository. */
    @Exported
    public String path() {
        return target.path();
    }
}
