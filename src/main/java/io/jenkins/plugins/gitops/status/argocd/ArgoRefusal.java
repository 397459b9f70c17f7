package io.jenkins.plugins.gitops.status.argocd;

import java.io.IOException;

/** A request that brought nothing; the message is one line that may be shown and holds no secret. */
final class ArgoRefusal extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int NONE = 0;

    private final int status;

    /** Without an answer, or with one that cannot be used. */
    ArgoRefusal(String message) {
        this(message, NONE);
    }

    /** @param status the HTTP status that was answered */
    ArgoRefusal(String message, int status) {
        super(message);
        this.status = status;
    }

    /** The HTTP status; 0 when there was no answer. */
    int status() {
        return status;
    }
}
