package io.jenkins.plugins.gitops.core.argocd;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Which Argo CD servers a token is sent to. */
public final class ArgoCdServerUrl {
    private static final String WAY = "Give https://host or https://host/path";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private ArgoCdServerUrl() {}

    /**
     * Validates a URL.
     *
     * @throws UserErrorException if it is not allowed; the message does not contain user information
     */
    public static void check(String url) throws UserErrorException {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new UserErrorException("The URL of the Argo CD server is malformed", WAY);
        }
        String host = uri.getHost();
        if (host == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new UserErrorException("The URL of the Argo CD server is malformed", WAY);
        }
        if (uri.getRawUserInfo() != null) {
            throw new UserErrorException(
                    "The URL of the Argo CD server contains user information", "Remove it and select credentials");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(scheme.equals("http") && LOOPBACK.contains(host))) {
            throw new UserErrorException("The URL of the Argo CD server is not https", WAY);
        }
    }

    /** Returns the URL without trailing slashes. */
    public static String withoutSlash(String url) {
        String text = url;
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }
}
