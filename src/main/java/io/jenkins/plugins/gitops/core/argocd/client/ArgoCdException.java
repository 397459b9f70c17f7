package io.jenkins.plugins.gitops.core.argocd.client;

import io.jenkins.plugins.gitops.core.http.BodyTooLargeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;

/** A failed request. The message is one line that may be shown to users and contains no secret. */
public final class ArgoCdException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final int status;
    private final boolean credentials;

    private ArgoCdException(String message, int status, boolean credentials) {
        super(message);
        this.status = status;
        this.credentials = credentials;
    }

    /** A failure without a response, or with an unusable one. */
    public static ArgoCdException of(String message) {
        return new ArgoCdException(message, 0, false);
    }

    /** @param status the HTTP status of the response */
    static ArgoCdException of(String message, int status) {
        return new ArgoCdException(message, status, false);
    }

    /** There is no token to send. */
    public static ArgoCdException ofCredentials(String message) {
        return new ArgoCdException(message, 0, true);
    }

    /** Describes an error without the library's message, which may repeat what was sent. */
    public static ArgoCdException of(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ArgoCdException known) {
                return known;
            }
            if (cause instanceof BodyTooLargeException) {
                return of(cause.getMessage());
            }
            if (cause instanceof ZipException) {
                return of("the response is not that of an Argo CD server");
            }
            if (cause instanceof ConnectException) {
                return of("the server cannot be reached");
            }
            if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
                return of("the server did not answer in time");
            }
            if (cause instanceof SSLException) {
                return of("no trusted TLS connection; the JVM must trust the server's certificate authority");
            }
        }
        return of("the connection was lost");
    }

    /** The HTTP status; 0 if there was no response. */
    public int status() {
        return status;
    }

    /** Whether another token may help. */
    boolean isAboutCredentials() {
        return credentials || status == UNAUTHORIZED;
    }

    /** Whether it does not go away by itself. */
    boolean isLasting() {
        return isAboutCredentials() || status == FORBIDDEN || status == NOT_FOUND;
    }
}
