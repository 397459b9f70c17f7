package io.jenkins.plugins.gitops.core.argocd.client;

/** Supplies the token of a server. */
@FunctionalInterface
public interface ArgoCdAuthorization {
    /**
     * The value of the header {@code Authorization}, looked up for each request, so that a rotated token takes effect
     * at once.
     *
     * @throws ArgoCdException if there is none; the message never contains it
     */
    String header() throws ArgoCdException;
}
