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

/** Which remotes are connected to. A list of what is allowed, since Git and JGit know many more kinds of URL. */
public final class RemoteUrl {
    private static final String WAY = "Give https://host/path, ssh://user@host/path or user@host:path";
    /** A host of one letter would be a drive, and a path that begins with a dash an option. */
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._-]+:(?![/:\\\\-])(.+)");

    /** How the tokens of hosts begin; they are taken as a user name, too. No name of a person is as long as others. */
    private static final Pattern SECRET =
            Pattern.compile("^(?:gh[a-z]_|github_pat_|gl[a-z]+-|ATCTT|ATBB)|^[0-9a-f]{40}$|.{64}");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private RemoteUrl() {}

    /**
     * @param filesAllowed whether it may be {@code file:} or an absolute path
     * @throws UserErrorException when it is not allowed; the message does not show the URL
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

    /** A name may be there, as clone URLs of many hosts have it; a secret may not: URLs are shown and stored as they are. */
    private static void checkUser(@CheckForNull String user) throws UserErrorException {
        if (user == null) {
            return;
        }
        if (user.contains(":") || user.startsWith("-") || SECRET.matcher(user).find()) {
            throw new UserErrorException(
                    "The URL of the repository contains a password or token", "Remove it and select credentials");
        }
    }

    /** The user that an http or https URL names; empty for other URLs and where it names none. */
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

    /** The credentials have the name already; the library would send it without a password, too. */
    static URIish withoutHttpUser(URIish uri) {
        return isHttp(uri) ? uri.setUser(null) : uri;
    }

    /** @throws UserErrorException when Git would not take it as the name of a branch */
    public static void checkBranch(String branch) throws UserErrorException {
        if (branch.startsWith("-") || !Repository.isValidRefName(Constants.R_HEADS + branch)) {
            throw new UserErrorException(
                    "\"" + branch + "\" is not a valid branch name", "Give a short name such as main");
        }
    }
}
