package io.jenkins.plugins.gitops.webhook;

import hudson.ExtensionPoint;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Receives the messages of one kind of sender at {@code POST /gitops-webhook/<kind>/<name>}. Must authenticate the
 * sender before doing anything else.
 */
@Restricted(NoExternalUse.class)
public interface WebhookReceiver extends ExtensionPoint {
    /** The kind in the URL: {@code git}, {@code flux}, {@code argocd}. */
    String kind();

    /**
     * Handles a message. Must return quickly and not use the network.
     *
     * @param name the last segment of the URL, not sanitized
     * @param header returns the value of a header by its name; null when it is missing
     * @param body at most 1 MiB
     * @return HTTP status: 202 accepted; 403 for an unknown name and for a wrong signature alike; 400 malformed; 409
     *     replayed
     */
    int receive(String name, UnaryOperator<String> header, byte[] body, Instant now);

    /** Size limit of {@link #receiveLarge}, in bytes; 0 if it is not supported. */
    default long maxBodySize() {
        return 0;
    }

    /**
     * As {@link #receive}, for a body of more than 1 MiB and at most {@link #maxBodySize}, which is read to its end as
     * a stream and never held in memory.
     *
     * @throws IOException when the body cannot be read
     */
    default int receiveLarge(String name, UnaryOperator<String> header, InputStream body, Instant now)
            throws IOException {
        throw new UnsupportedOperationException(kind());
    }

    /** Whether the name is configured, so that it may be written to the log. */
    default boolean isConfigured(String name) {
        return false;
    }
}
