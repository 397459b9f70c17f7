package io.jenkins.plugins.gitops.core.git.remote;

import java.io.IOException;

/** A proxy does not connect to the host, or a setting of proxy or certificates is invalid. */
final class HttpRoutingException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean temporary;
    private final boolean unauthorized;

    private HttpRoutingException(String message, boolean temporary, boolean unauthorized) {
        super(message);
        this.temporary = temporary;
        this.unauthorized = unauthorized;
    }

    static HttpRoutingException unreachable(HttpProxy proxy, IOException cause) {
        HttpRoutingException e = new HttpRoutingException(
                "the proxy " + proxy + " cannot be reached: " + RemoteErrorTranslator.oneLine(cause.getMessage()),
                true,
                false);
        e.initCause(cause);
        return e;
    }

    /** @param cause its message is shown to the user */
    static HttpRoutingException unusable(IOException cause) {
        HttpRoutingException e =
                new HttpRoutingException(RemoteErrorTranslator.oneLine(cause.getMessage()), false, false);
        e.initCause(cause);
        return e;
    }

    /** @param status 0 when the response is not HTTP */
    static HttpRoutingException refused(HttpProxy proxy, int status) {
        return new HttpRoutingException(
                status == 407
                        ? "the proxy " + proxy + " does not accept its user name and password"
                        : "the proxy " + proxy
                                + (status == 0 ? " does not answer as a proxy" : " answers with HTTP status " + status),
                status >= 500,
                status == 407);
    }

    boolean isTemporary() {
        return temporary;
    }

    boolean isUnauthorized() {
        return unauthorized;
    }
}
