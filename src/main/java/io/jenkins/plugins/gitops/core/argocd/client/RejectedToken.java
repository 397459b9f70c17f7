package io.jenkins.plugins.gitops.core.argocd.client;

/** Remembers a rejected token, so that its replacement is tried as soon as it is available. */
final class RejectedToken {
    private final ArgoCdClient client;
    /** Null if none was rejected; empty if there was none to send. */
    private String refused;

    RejectedToken(ArgoCdClient client) {
        this.client = client;
    }

    synchronized void refused() {
        refused = client.rejectedAuthorization();
    }

    synchronized void accepted() {
        refused = null;
    }

    /** Whether the token was replaced; returns true only once. */
    synchronized boolean isReplaced() {
        if (refused == null) {
            return false;
        }
        try {
            boolean replaced = !refused.equals(client.authorization());
            refused = replaced ? null : refused;
            return replaced;
        } catch (ArgoCdException e) {
            return false;
        }
    }
}
