package io.jenkins.plugins.gitops.status.flux;

import hudson.Extension;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.FluxReceiverConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.SecretValidation;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.webhook.WebhookReceiver;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Receives the events that a notification controller sends for a {@code Provider} of type {@code generic-hmac}. */
@Extension
@Restricted(NoExternalUse.class)
public final class FluxWebhook implements WebhookReceiver {
    private static final String SIGNATURE_HEADER = "X-Signature";

    @Override
    public String kind() {
        return "flux";
    }

    @Override
    public int receive(String name, UnaryOperator<String> header, byte[] body, Instant now) {
        Secret secret = GitopsConfiguration.get()
                .flux(name)
                .map(FluxReceiverConfiguration::getSecret)
                .orElse(null);
        // A missing secret is replaced by a dummy that no sender knows, so verification always fails.
        if (!Hmac.verify(SecretValidation.orDummy(secret), body, header.apply(SIGNATURE_HEADER))) {
            if (isConfigured(name)) {
                FluxReceivers.get().rejected(name, now);
            }
            return HttpServletResponse.SC_FORBIDDEN;
        }
        return FluxReceivers.get().accept(name, body, now);
    }

    @Override
    public boolean isConfigured(String name) {
        return GitopsConfiguration.get().flux(name).isPresent();
    }
}
