package io.jenkins.plugins.gitops.webhook;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.io.IOUtils;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Rejects a request whose body is too large so that the sender can read the status. A connection that is closed while
 * bytes of the body are still unread is reset, and the response is lost with it (RFC 9112, section 9.6).
 */
@Restricted(NoExternalUse.class)
public final class OversizedBody {
    /**
     * Bytes that are read and discarded; the connection of a still larger body is closed without waiting for the rest.
     */
    private static final long MAX_DISCARDED = 8L << 20;

    private OversizedBody() {}

    /** Responds with 413 Content Too Large. */
    public static void reject(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
        IOUtils.copyLarge(request.getInputStream(), OutputStream.nullOutputStream(), 0, MAX_DISCARDED);
    }
}
