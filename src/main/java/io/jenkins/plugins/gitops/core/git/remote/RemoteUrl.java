package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.URIish;

/** Validates the URLs of remotes with an allow list, since Git and JGit support many more kinds of URL. */
public final class RemoteUrl {
    private static final String WAY = "Give https://host/path, ssh://user@host/path or user@host:path";
    /** Excludes one-letter hosts, which would be drives, and paths that start with a dash, which would be options. */
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._-]+:(?![/:\\\\-])(.+)");

    /**
     * Prefixes of hosts' tokens, which are also accepted as user names; and texts that are too long for a user name.
     */
    private static final Pattern SECRET =
            Pattern.compile("^(?:gh[a-z]_|github_pat_|gl[a-z]+-|ATCTT|ATBB)|^[0-9a-f]{40}$|.{64}");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private RemoteUrl() {}

    /**
     * @param filesAllowed whether it may be {@code file:} or an absolute path
     * @throws UserErrorException when it is not allowed; the message does not contain the URL
     */
    public static void check(String url, boolean filesAllowed) throws UserErrorException {
        if (url.isEmpty()) {
            throw new UserErrorException("The URL of the repository is empty", WAY);
        }
        if (url.startsWith("-") || url.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new UserErrorException("The URL of the repository contains a character that is not allowed", WAY);
        }
        if (filesAllowed && (url.startsWith("file:/") || url.startsWith("/"))) {
            return;
        }
        if (url.contains("://")) {
            checkUri(url);
        } else if (!SCP_LIKE.matcher(url).matches()) {
            throw new UserErrorException("The URL of the repository has no host", WAY);
        }
    }

    private static void checkUri(String url) throws UserErrorException {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new UserErrorException("The URL of the repository is malformed", WAY);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        checkUser(uri.getRawUserInfo());
        String host = uri.getHost();
        boolean here = scheme.equals("http") && host != null && LOOPBACK.contains(host);
        if (scheme.equals("http") && !here) {
            throw new UserErrorException(
                    "The URL of the repository is http, which can be intercepted and changed in transit; http is"
                            + " accepted on loopback only",
                    WAY);
        }
        if (!scheme.equals("https") && !scheme.equals("ssh") && !here) {
            throw new UserErrorException("The URL of the repository is neither https nor ssh", WAY);
        }
        if (host == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new UserErrorException("The URL of the repository is malformed", WAY);
        }
    }

    /**
     * Allows a user name, which clone URLs of many hosts contain, but no secret, since URLs are displayed and stored in
     * plain text.
     */
    private static void checkUser(@CheckForNull String user) throws UserErrorException {
        if (user == null) {
            return;
        }
        if (user.contains(":") || user.startsWith("-") || SECRET.matcher(user).find()) {
            throw new UserErrorException(
                    "The URL of the repository contains a password or token", "Remove it and select credentials");
        }
    }

    /** The user name in an http or https URL; empty if there is none, and for other URLs. */
    public static Optional<String> httpUser(String url) {
        try {
            URIish uri = new URIish(url);
            return Optional.ofNullable(isHttp(uri) ? uri.getUser() : null).filter(user -> !user.isEmpty());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isHttp(URIish uri) {
        return "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
    }

    /** Removes the user name, which is in the credentials already; JGit would send it without a password, too. */
    static URIish withoutHttpUser(URIish uri) {
        return isHttp(uri) ? uri.setUser(null) : uri;
    }

    /** @throws UserErrorException when it is not a valid branch name for Git */
    public static void checkBranch(String branch) throws UserErrorException {
        if (!isBranch(branch)) {
            throw new UserErrorException(
                    "\"" + branch + "\" is not a valid branch name", "Give a short name such as main");
        }
    }

    /** Whether Git takes it as the name of a branch. */
    static boolean isBranch(String name) {
        return !name.startsWith("-") && Repository.isValidRefName(Constants.R_HEADS + name);
    }
}
