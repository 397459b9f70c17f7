package io.jenkins.plugins.gitops.core.argocd.client;

/** Remembers that a token was refused, so that another one is tried as soon as there is one. */
final class RejectedToken {
    private final ArgoCdClient client;
    /** Null when none was refused; empty when there was none to send. */
    private String refused;

    RejectedToken(ArgoCdClient client) {
        this.client = client;
    }

    synchronized void refused() {
        try {
            refused = client.authorization();
        } catch (ArgoCdException e) {
            refused = "";
        }
    }

    synchronized void accepted() {
        refused = null;
    }

    /** Whether there is another one now; tells it once. */
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
