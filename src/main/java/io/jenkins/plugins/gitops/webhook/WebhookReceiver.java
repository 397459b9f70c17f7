package io.jenkins.plugins.gitops.webhook;

import hudson.ExtensionPoint;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** One kind of sender at {@code POST /gitops-webhook/<kind>/<name>}. Proves who speaks; nothing before it does. */
@Restricted(NoExternalUse.class)
public interface WebhookReceiver extends ExtensionPoint {
    /** Its segment of the URL: {@code git}, {@code flux}, {@code argocd}. */
    String kind();

    /**
     * Takes a message in; quick, without network.
     *
     * @param name the last segment of the URL, as it came
     * @param header the value of a header by its name, null when it is missing
     * @param body at most 1 MiB
     * @return HTTP status: 202 taken; 403 for an unknown name and for a wrong signature alike; 400 malformed; 409 replayed
     */
    int receive(String name, UnaryOperator<String> header, byte[] body, Instant now);

    /** The largest body that {@link #receiveLarge} takes, in bytes; 0 when it takes none. */
    default long maxBodySize() {
        return 0;
    }

    /**
     * As {@link #receive}, for a body of more than 1 MiB and at most {@link #maxBodySize}, which is read to its end and
     * never held in memory.
     *
     * @throws IOException when the body cannot be read
     */
    default int receiveLarge(String name, UnaryOperator<String> header, InputStream body, Instant now)
            throws IOException {
        throw new UnsupportedOperationException(kind());
    }

    /** Whether the configuration knows a name, so that it may stand in the log. */
    default boolean isConfigured(String name) {
        return false;
    }
}
