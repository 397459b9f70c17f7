package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An HTTP proxy.
 *
 * @param user null when it requires no authentication
 * @param password null when user is null
 */
public record HttpProxy(
        String host,
        int port,
        @CheckForNull String user,
        @CheckForNull String password) {
    /** The value of the {@code Proxy-Authorization} header; null without a user. */
    @CheckForNull
    String authorization() {
        if (user == null) {
            return null;
        }
        String both = user + ":" + (password == null ? "" : password);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    /** Host and port, without secrets. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
