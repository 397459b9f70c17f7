package io.jenkins.plugins.gitops.core.argocd.client;

/** Where the token of a server comes from. */
@FunctionalInterface
public interface ArgoCdAuthorization {
    /**
     * The value of the header {@code Authorization}, looked up anew for each request, so that a rotated token takes effect
     * at once.
     *
     * @throws ArgoCdException when there is none; the message never shows it
     */
    String header() throws ArgoCdException;
}
