package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The configuration of an agent that sends signed messages.
 *
 * @param <T> the configuration of one kind
 */
@Restricted(NoExternalUse.class)
public abstract class SignedSourceConfiguration<T extends SignedSourceConfiguration<T>>
        extends StatusSourceConfiguration<T> {
    private final Secret secret;

    SignedSourceConfiguration(@CheckForNull String name, @CheckForNull Secret secret) {
        super(name);
        this.secret = secret;
    }

    /** The signing key; valid if it has at least {@value SecretValidation#MIN_LENGTH} characters. */
    @CheckForNull
    public final Secret getSecret() {
        return secret;
    }

    /** The name of the secret in messages, capitalized for the start of a sentence. */
    abstract String secretLabel();

    @Override
    final void checkConnection() throws UserErrorException {
        SecretValidation.check(secretLabel() + " of " + kind().noun() + " " + getName(), secret);
    }

    /**
     * Checks the fields that all these kinds have in common.
     *
     * @param <T> the configuration of one kind
     */
    @Restricted(NoExternalUse.class)
    public abstract static class SignedSourceDescriptor<T extends SignedSourceConfiguration<T>>
            extends StatusSourceDescriptor<T> {
        private final String secretLabel;

        SignedSourceDescriptor(AgentKind kind, String secretLabel) {
            super(kind);
            this.secretLabel = secretLabel;
        }

        @POST
        public final FormValidation doCheckSecret(@QueryParameter Secret value) {
            return FormChecks.run(() -> SecretValidation.check(secretLabel, value));
        }
    }
}
