package io.jenkins.plugins.gitops.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.UnprotectedRootAction;
import hudson.security.csrf.CrumbExclusion;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * The endpoint for webhooks: {@code POST /gitops-webhook/<kind>/<name>}. It needs no login, since the signature or
 * secret authenticates a message, see {@link WebhookReceiver}; a logged-in user gains nothing from it. Responds with a
 * status code only, and with the same one for an unknown kind, an unknown name and a wrong signature.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class WebhookEndpoint implements UnprotectedRootAction {
    /** In bytes. A larger body is rejected unread, unless its receiver reads it as a stream. */
    public static final int MAX_BODY = 1 << 20;

    private static final Logger LOGGER = Logger.getLogger(WebhookEndpoint.class.getName());
    private static final String URL_NAME = "gitops-webhook";
    private static final Pattern PATH =
            Pattern.compile("/" + URL_NAME + "/([a-z]{1,16})/([a-zA-Z0-9][a-zA-Z0-9._-]{0,62})");

    private final RejectionLog rejections = new RejectionLog(LOGGER);

    @CheckForNull
    @Override
    public String getIconFileName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    /** Passes a message to the receiver of its kind. */
    @RequirePOST
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Matcher path = PATH.matcher(request.getPathInfo());
        Optional<WebhookReceiver> receiver = path.matches()
                ? ExtensionList.lookup(WebhookReceiver.class).stream()
                        .filter(r -> r.kind().equals(path.group(1)))
                        .findFirst()
                : Optional.empty();
        long most =
                Math.max(MAX_BODY, receiver.map(WebhookReceiver::maxBodySize).orElse(0L));
        if (request.getContentLengthLong() > most) {
            OversizedBody.reject(request, response);
            return;
        }
        byte[] begin = request.getInputStream().readNBytes(MAX_BODY + 1);
        if (begin.length > MAX_BODY && most <= MAX_BODY) {
            OversizedBody.reject(request, response);
            return;
        }
        Instant now = Instant.now();
        int status = HttpServletResponse.SC_FORBIDDEN;
        if (receiver.isPresent()) {
            status = begin.length > MAX_BODY
                    ? receiveLarge(receiver.get(), path.group(2), request, begin, now)
                    : receiver.get().receive(path.group(2), request::getHeader, begin, now);
        }
        if (status >= HttpServletResponse.SC_BAD_REQUEST) {
            log(
                    receiver.filter(r -> r.isConfigured(path.group(2))).map(r -> r.kind() + "/" + path.group(2)),
                    status,
                    now);
        }
        if (status == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE) {
            OversizedBody.reject(request, response);
            return;
        }
        response.setStatus(status);
    }

    private static int receiveLarge(
            WebhookReceiver receiver, String name, StaplerRequest2 request, byte[] begin, Instant now)
            throws IOException {
        BoundedInputStream body = new BoundedInputStream(
                new SequenceInputStream(new ByteArrayInputStream(begin), request.getInputStream()),
                receiver.maxBodySize());
        int status = receiver.receiveLarge(name, request::getHeader, body, now);
        return body.isExceeded() ? HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE : status;
    }

    /** Logs configured names only, since the sender controls all others. */
    private void log(Optional<String> sender, int status, Instant now) {
        rejections.log(now, () -> "Rejected a webhook for " + sender.orElse("an unknown sender") + " (" + status + ")");
    }

    /** Makes the next rejection a warning again. */
    void resetLog() {
        rejections.reset();
    }

    /** Exempts exactly this shape of path from the crumb check, since the senders have no session. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class WebhookCrumbExclusion extends CrumbExclusion {
        @Override
        public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String path = request.getPathInfo();
            if (path == null || !PATH.matcher(path).matches()) {
                return false;
            }
            chain.doFilter(request, response);
            return true;
        }
    }
}
