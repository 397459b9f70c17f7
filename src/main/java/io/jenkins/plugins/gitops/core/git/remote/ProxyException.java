package io.jenkins.plugins.gitops.core.git.remote;

import java.io.IOException;

/** A proxy that cannot be reached, or opens no connection to the host. */
final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean temporary;
    private final boolean unauthorized;

    private ProxyException(String message, boolean temporary, boolean unauthorized) {
        super(message);
        this.temporary = temporary;
        this.unauthorized = unauthorized;
    }

    static ProxyException unreachable(HttpProxy proxy, IOException cause) {
        ProxyException e = new ProxyException(
                "the proxy " + proxy + " cannot be reached: " + RemoteErrorTranslator.oneLine(cause.getMessage()),
                true,
                false);
        e.initCause(cause);
        return e;
    }

    /** @param status 0 when the answer is not HTTP */
    static ProxyException refused(HttpProxy proxy, int status) {
        return new ProxyException(
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
