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
 * A target with its history, as read from the local clone, without network access; created for one request. Shown by
 * the page and exported by the remote API.
 *
 * @param repository name of the config repository
 * @param hold null when the target may be changed
 * @param changes newest first
 * @param more whether there are older changes
 * @param links to the pages on which agents show the target
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
     * The hold of the target.
     *
     * @param reason as in Git; untrusted text
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

        /** Start of the hold: ISO 8601, UTC. */
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
