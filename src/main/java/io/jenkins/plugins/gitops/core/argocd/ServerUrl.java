package io.jenkins.plugins.gitops.core.argocd;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Which Argo CD servers a token is sent to. */
public final class ServerUrl {
    private static final String WAY = "Give https://host or https://host/path";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private ServerUrl() {}

    /** @throws RefusedException when it is not allowed; the message shows no user information */
    public static void check(String url) throws RefusedException {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new RefusedException("The URL of the Argo CD server is malformed", WAY);
        }
        String host = uri.getHost();
        if (host == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new RefusedException("The URL of the Argo CD server is malformed", WAY);
        }
        if (uri.getRawUserInfo() != null) {
            throw new RefusedException(
                    "The URL of the Argo CD server holds user information", "Leave it out and choose credentials");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(scheme.equals("http") && LOOPBACK.contains(host))) {
            throw new RefusedException("The URL of the Argo CD server is not https", WAY);
        }
    }

    /** The same without a slash at its end. */
    public static String withoutSlash(String url) {
        String text = url;
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }
}
