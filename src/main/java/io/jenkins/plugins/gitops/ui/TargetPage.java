package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.status.AgentLink;
import io.jenkins.plugins.gitops.status.Sources;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What became of one target so far, newest first, as the local clone knows it: made for one request, without network.
 *
 * @param repository its name
 * @param hold null when the target may be changed
 * @param more whether there are older changes than these
 * @param links where agents show what runs
 */
@Restricted(NoExternalUse.class)
public record TargetPage(
        String repository,
        Target target,
        @CheckForNull HeldLine hold,
        List<HistoryLine> lines,
        boolean more,
        List<AgentLink> links) {
    private static final int LINES = TargetHistories.CHANGES - 1;

    /**
     * Who holds the target.
     *
     * @param reason as it stands in Git; text from outside
     */
    @Restricted(NoExternalUse.class)
    public record HeldLine(String by, Moment since, String reason) {
        static HeldLine of(Hold hold, Instant now) {
            return new HeldLine(hold.by(), Moment.of(hold.since(), now), hold.reason());
        }
    }

    public TargetPage {
        lines = List.copyOf(lines);
        links = List.copyOf(links);
    }

    /**
     * Looks at the newest known tip.
     *
     * @return empty while it is being read
     * @throws RefusedException when there is no such repository or target, or the clone was not read yet, or cannot be
     */
    static Optional<TargetPage> of(StaplerRequest2 request, TargetHistories histories, Instant now)
            throws RefusedException {
        RepositoryConfiguration configuration =
                GitopsConfiguration.get().repository(request.getParameter("repository"));
        return histories
                .of(configuration, request.getParameter("app"), request.getParameter("env"))
                .map(found -> of(configuration, found, now));
    }

    private static TargetPage of(RepositoryConfiguration repository, TargetHistories.Found found, Instant now) {
        BuildLinks links = new BuildLinks();
        return new TargetPage(
                repository.getName(),
                found.target(),
                found.hold().map(h -> HeldLine.of(h, now)).orElse(null),
                found.entries().stream()
                        .limit(LINES)
                        .map(e -> HistoryLine.of(e, links, now))
                        .toList(),
                found.cut() || found.entries().size() > LINES,
                Sources.links(repository, found.target()));
    }

    /** Relative to the dashboard; encoded. */
    public static String url(String repository, String app, String env) {
        return "history?repository=" + encode(repository) + "&app=" + encode(app) + "&env=" + encode(env);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Whether the visitor may hold and release targets. */
    public boolean mayHold() {
        return Jenkins.get().hasPermission(GitopsPermissions.ROLLBACK);
    }
}
