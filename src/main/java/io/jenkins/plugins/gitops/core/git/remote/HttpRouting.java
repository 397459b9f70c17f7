package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import javax.net.ssl.SSLSocketFactory;

/** How https connections reach their host. Asked for each connection, so that a changed setting takes effect at once. */
@FunctionalInterface
public interface HttpRouting {
    /** As the system properties of this JVM say. */
    HttpRouting DEFAULT = host -> null;

    /**
     * The proxy for a host; null for what the system properties of this JVM say.
     *
     * @throws IOException when the setting cannot be used
     */
    @CheckForNull
    HttpProxy proxyFor(String host) throws IOException;

    /**
     * What decides which certificates are trusted; always the same instance, since connections are only used again with it.
     * Null for the trust store of this JVM.
     *
     * @throws IOException when the certificates cannot be read
     */
    @CheckForNull
    default SSLSocketFactory sockets() throws IOException {
        return null;
    }
}
