package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import javax.net.ssl.SSLSocketFactory;

/**
 * Determines proxy and trusted certificates of https connections. Called for each connection, so that a changed setting
 * takes effect at once.
 */
@FunctionalInterface
public interface HttpRouting {
    /** Uses the system properties of this JVM. */
    HttpRouting DEFAULT = host -> null;

    /**
     * The proxy for a host; null to use the system properties of this JVM.
     *
     * @throws IOException when the setting is invalid
     */
    @CheckForNull
    HttpProxy proxyFor(String host) throws IOException;

    /**
     * The factory that determines which certificates are trusted; must always be the same instance, since Java reuses
     * connections only with the same factory. Null for the trust store of this JVM.
     *
     * @throws IOException when the certificates cannot be read
     */
    @CheckForNull
    default SSLSocketFactory sockets() throws IOException {
        return null;
    }
}
