package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.HistoryEntry;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.status.Repositories;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
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
 */
@Restricted(NoExternalUse.class)
public record TargetPage(
        String repository, Target target, @CheckForNull HeldLine hold, List<HistoryLine> lines, boolean more) {
    private static final int LINES = 50;

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
    }

    /**
     * Looks at the newest known tip.
     *
     * @throws RefusedException when there is no such repository or target, or the clone was not read yet
     * @throws IOException when the clone cannot be read
     */
    static TargetPage of(StaplerRequest2 request, Instant now) throws RefusedException, IOException {
        String app = request.getParameter("app");
        String env = request.getParameter("env");
        RepositoryConfiguration configuration =
                GitopsConfiguration.get().repository(request.getParameter("repository"));
        ConfigRepository clone = Repositories.get().open(configuration);
        String tip = clone.tip()
                .orElseThrow(() -> new RefusedException(
                        Messages.TargetPage_unread(configuration.getName()), Messages.TargetPage_wait()));
        FileTree files = clone.files(tip);
        Target target = Delivery.load(files).target(app, env);
        TargetHistory.Newest history = TargetHistory.newest(clone, target, tip, LINES + 1);
        List<HistoryEntry> entries = history.entries();
        BuildLinks links = new BuildLinks();
        return new TargetPage(
                configuration.getName(),
                target,
                Hold.find(files, target).map(h -> HeldLine.of(h, now)).orElse(null),
                entries.stream()
                        .limit(LINES)
                        .map(e -> HistoryLine.of(e, links, now))
                        .toList(),
                history.cut() || entries.size() > LINES);
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
