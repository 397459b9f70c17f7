package io.jenkins.plugins.gitops.core.git.remote;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** Which remotes are connected to. A list of what is allowed, since Git and JGit know many more kinds of URL. */
public final class RemoteUrl {
    private static final String WAY = "Give https://host/path, ssh://user@host/path or user@host:path";
    /** A host of one letter would be a drive, and a path that begins with a dash an option. */
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._-]+:(?![/:\\\\-])(.+)");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private RemoteUrl() {}

    /**
     * @param filesAllowed whether it may be {@code file:} or an absolute path
     * @throws UserErrorException when it is not allowed; the message shows no user information
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
        String user = uri.getRawUserInfo();
        if (user != null && (!scheme.equals("ssh") || user.contains(":") || user.startsWith("-"))) {
            throw new UserErrorException(
                    "The URL of the repository contains user information", "Remove it and select credentials");
        }
        String host = uri.getHost();
        boolean here = scheme.equals("http") && host != null && LOOPBACK.contains(host);
        if (scheme.equals("http") && !here) {
            throw new UserErrorException(
                    "The URL of the repository is http, which can be intercepted and changed in transit; http is accepted"
                            + " on loopback only",
                    WAY);
        }
        if (!scheme.equals("https") && !scheme.equals("ssh") && !here) {
            throw new UserErrorException("The URL of the repository is neither https nor ssh", WAY);
        }
        if (host == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new UserErrorException("The URL of the repository is malformed", WAY);
        }
    }

    /** @throws UserErrorException when Git would not take it as the name of a branch */
    public static void checkBranch(String branch) throws UserErrorException {
        if (branch.startsWith("-") || !Repository.isValidRefName(Constants.R_HEADS + branch)) {
            throw new UserErrorException(
                    "\"" + branch + "\" is not a valid branch name", "Give a short name such as main");
        }
    }
}
