package io.jenkins.plugins.gitops.core.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Determines whether two URLs refer to the same repository. */
public final class RepositoryKey {
    /** A host of one letter would be a drive letter. */
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9][A-Za-z0-9._-]+):([^/:\\\\].*)");

    private static final Set<Integer> DEFAULT_PORTS = Set.of(-1, 22, 80, 443);

    private RepositoryKey() {}

    /**
     * A key that is the same for all spellings of a repository URL: with or without scheme, user, default port, {@code
     * .git}.
     *
     * @return for example {@code git.example.com/team/config}; never shown to users
     */
    public static String of(String url) {
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
