package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What a visitor wants to see; comes from the URL, so that it can be sent around.
 *
 * @param repository name of a config repository; null for the first
 * @param filter part of an application's name, lower or upper case; empty for all
 * @param attention only applications that need attention
 * @param page 1-based
 */
@Restricted(NoExternalUse.class)
public record Query(@CheckForNull String repository, String filter, boolean attention, int page) {
    private static final int LONGEST = 100;

    static Query of(StaplerRequest2 request) {
        String filter = Util.fixNull(request.getParameter("filter")).trim();
        return new Query(
                Util.fixEmptyAndTrim(request.getParameter("repository")),
                filter.length() > LONGEST ? filter.substring(0, LONGEST) : filter,
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
    Query at(int otherPage) {
        return new Query(repository, filter, attention, otherPage);
    }

    /** Another repository from its start. */
    static Query start(String repository) {
        return new Query(repository, "", false, 1);
    }

    /** As the query part of a URL, with its question mark. */
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
