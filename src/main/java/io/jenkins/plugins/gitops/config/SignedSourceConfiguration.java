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
 * The configuration of an agent that sends what it has to say, and signs it.
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

    /** The key of the signatures, at least {@value SecretValidation#MIN_LENGTH} characters where it is valid. */
    @CheckForNull
    public final Secret getSecret() {
        return secret;
    }

    /** What messages call the secret, at the beginning of a sentence. */
    abstract String secretLabel();

    @Override
    final void checkConnection() throws UserErrorException {
        SecretValidation.check(secretLabel() + " of " + kind().noun() + " " + getName(), secret);
    }

    /**
     * The checks of the fields that all such kinds have.
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
