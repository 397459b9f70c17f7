package io.jenkins.plugins.gitops.ui;

import hudson.Util;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * HTTP entity tags: a browser whose copy of the page is up to date gets no new one, so that frequent refreshes are
 * cheap.
 */
final class EntityTag {
    private static final int SECONDS = 60;

    private EntityTag() {}

    /** The tag depends on everything that is shown. Relative times such as "3 min ago" change it once a minute. */
    static String of(Dashboard dashboard, Locale locale) {
        List<Object> all = new ArrayList<>();
        all.add(Jenkins.getAuthentication2().getName());
        all.add(locale);
        all.add(Jenkins.VERSION);
        all.add(dashboard.now().getEpochSecond() / SECONDS);
        all.add(dashboard.query());
        all.add(dashboard.repositories());
        all.add(dashboard.revision());
        all.add(dashboard.problem());
        all.add(dashboard.warnings());
        all.add(dashboard.environments());
        all.add(dashboard.matching());
        all.add(dashboard.attention());
        all.add(dashboard.approvalsVersion());
        dashboard.rows().forEach(row -> row.cells().forEach(cell -> all.add(text(cell.target()))));
        for (AgentRow agent : dashboard.agents()) {
            all.add(List.of(agent.name(), agent.state(), agent.applications(), agent.synced(), agent.healthy()));
            all.add(agent.problem());
            RelativeTime lastSeen = agent.lastSeen();
            all.add(lastSeen == null ? "" : lastSeen.ago());
        }
        return "\"" + Util.getDigestOf(all.toString()) + "\"";
    }

    private static Object text(TargetCell cell) {
        if (cell == null) {
            return "";
        }
        CommitInfo change = cell.change();
        return List.of(cell.id(), cell.images(), cell.badges(), cell.notes(), change == null ? "" : change.revision());
    }

    /** Sets the caching headers; if the browser's copy is up to date, also responds with 304 and returns true. */
    static boolean matches(String tag, StaplerRequest2 request, StaplerResponse2 response) {
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "private, no-cache");
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return true;
        }
        return false;
    }
}
