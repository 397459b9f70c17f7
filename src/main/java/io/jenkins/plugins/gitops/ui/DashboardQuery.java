package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The view that a user requests; encoded in the URL, so that it can be shared.
 *
 * @param repository name of a config repository; null for the first
 * @param filter part of an application's name, case-insensitive; empty for all
 * @param attention only applications that need attention
 * @param page 1-based
 */
@Restricted(NoExternalUse.class)
public record DashboardQuery(@CheckForNull String repository, String filter, boolean attention, int page) {
    private static final int MAX_LENGTH = 100;

    static DashboardQuery of(StaplerRequest2 request) {
        String filter = Util.fixNull(request.getParameter("filter")).trim();
        return new DashboardQuery(
                Util.fixEmptyAndTrim(request.getParameter("repository")),
                filter.length() > MAX_LENGTH ? filter.substring(0, MAX_LENGTH) : filter,
                "true".equals(request.getParameter("attention")),
                pageOf(request.getParameter("page")));
    }

    private static int pageOf(@CheckForNull String text) {
        try {
            return text == null ? 1 : Math.max(1, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /** The same on another page. */
    DashboardQuery at(int otherPage) {
        return new DashboardQuery(repository, filter, attention, otherPage);
    }

    /** The first page of another repository, without a filter. */
    static DashboardQuery start(String repository) {
        return new DashboardQuery(repository, "", false, 1);
    }

    /** As the query part of a URL, including the question mark. */
    public String toUrl() {
        StringBuilder url = new StringBuilder("?page=").append(page);
        if (repository != null) {
            url.append("&repository=").append(encode(repository));
        }
        if (!filter.isEmpty()) {
            url.append("&filter=").append(encode(filter));
        }
        if (attention) {
            url.append("&attention=true");
        }
        return url.toString();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
