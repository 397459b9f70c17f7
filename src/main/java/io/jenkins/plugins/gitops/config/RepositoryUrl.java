package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.RemoteUrl;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** URLs of config repositories: which ones Jenkins connects to, and when two of them mean the same repository. */
@Restricted(NoExternalUse.class)
public final class RepositoryUrl {
    /** A host of one letter would be a drive. */
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9][A-Za-z0-9._-]+):([^/:\\\\].*)");

    private static final Set<Integer> DEFAULT_PORTS = Set.of(-1, 22, 80, 443);

    /** Nobody reaches one repository in more ways than this. */
    private static final int MAX_ALIASES = 20;

    private RepositoryUrl() {}

    /** @throws RefusedException when Jenkins must not connect there; the message shows no user information */
    public static void check(String url) throws RefusedException {
        RemoteUrl.check(url, false);
    }

    /**
     * Checks other URLs of a repository. Jenkins does not connect there: agents and Git hosts may name them.
     *
     * @param aliases separated by commas; null for none
     * @throws RefusedException when one is not a URL that a repository may have, or there are too many
     */
    static void checkAliases(@CheckForNull String aliases) throws RefusedException {
        Set<String> urls = Names.split(aliases);
        if (urls.size() > MAX_ALIASES) {
            throw new RefusedException(
                    "There are " + urls.size() + " aliases of one repository, and no more than " + MAX_ALIASES
                            + " are allowed",
                    "Name only URLs that agents or Git hosts use");
        }
        for (String url : urls) {
            check(url);
        }
    }

    /**
     * One text for all the ways to write a repository: with or without scheme, user, default port, {@code .git}.
     *
     * @return for example {@code git.example.com/team/config}; never shown to users
     */
    public static String key(String url) {
        String text = url.trim();
        if (!text.contains("://")) {
            Matcher scp = SCP_LIKE.matcher(text);
            return scp.matches() ? key(scp.group(1), -1, scp.group(2)) : path(text);
        }
        try {
            URI uri = new URI(text);
            String path = uri.getPath() == null ? "" : uri.getPath();
            return uri.getHost() == null ? path(text) : key(uri.getHost(), uri.getPort(), path);
        } catch (URISyntaxException e) {
            return path(text);
        }
    }

    private static String key(String host, int port, String path) {
        String where = host.toLowerCase(Locale.ROOT) + (DEFAULT_PORTS.contains(port) ? "" : ":" + port);
        return where + "/" + path(path);
    }

    private static String path(String path) {
        int start = 0;
        int end = path.length();
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        while (end > start && path.charAt(end - 1) == '/') {
            end--;
        }
        String trimmed = path.substring(start, end);
        return trimmed.endsWith(".git") ? trimmed.substring(0, trimmed.length() - ".git".length()) : trimmed;
    }
}
