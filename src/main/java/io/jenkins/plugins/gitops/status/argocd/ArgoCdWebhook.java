package io.jenkins.plugins.gitops.status.argocd;

import hudson.Extension;
import io.jenkins.plugins.gitops.config.ArgoCdServerConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.SecretValidation;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdResponses;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.webhook.WebhookReceiver;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Receives notifications of Argo CD. They may be duplicated, early or lost, and are not signed, so they only trigger a
 * query of the server.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ArgoCdWebhook implements WebhookReceiver {
    /** The header with the webhook secret. */
    public static final String HEADER = "X-Gitops-Token";

    private static final int ACCEPTED = 202;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    @Override
    public String kind() {
        return "argocd";
    }

    @Override
    public boolean isConfigured(String name) {
        return server(name).isPresent();
    }

    private static Optional<ArgoCdServerConfiguration> server(String name) {
        return GitopsConfiguration.get().getArgocdServers().stream()
                .filter(server -> server.getName().equals(name))
                .findFirst();
    }

    @Override
    public int receive(String name, UnaryOperator<String> header, byte[] body, Instant now) {
        String secret = SecretValidation.orDummy(
                server(name).map(ArgoCdServerConfiguration::getWebhookSecret).orElse(null));
        if (!Hmac.equal(secret, header.apply(HEADER))) {
            return FORBIDDEN;
        }
        try {
            ArgoCdServers.get().applicationChanged(name, ArgoCdResponses.notified(body));
            return ACCEPTED;
        } catch (IOException e) {
            return BAD_REQUEST;
        }
    }
}
