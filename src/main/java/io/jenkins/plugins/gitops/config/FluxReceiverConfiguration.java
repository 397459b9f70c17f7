package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A Flux whose notification controller tells what happens in its cluster: how it is known, and what it may speak for. */
@Restricted(NoExternalUse.class)
public final class FluxReceiverConfiguration extends StatusSourceConfiguration<FluxReceiverConfiguration> {
    private final Secret secret;

    /**
     * @param name as {@code agent} of an environment in gitops.yaml calls it; the last segment of its webhook's URL
     * @param secret signs its events, at least {@value SecretValidation#MIN_LENGTH} characters; the same stands in the
     *     cluster
     */
    @DataBoundConstructor
    public FluxReceiverConfiguration(String name, Secret secret) {
        super(name);
        this.secret = secret;
    }

    public Secret getSecret() {
        return secret;
    }

    @Override
    public AgentKind kind() {
        return AgentKind.FLUX;
    }

    @Override
    void checkConnection() throws UserErrorException {
        SecretValidation.check("The secret of Flux " + getName(), secret);
    }

    @Extension
    @Symbol("gitopsFlux")
    public static final class DescriptorImpl extends StatusSourceDescriptor<FluxReceiverConfiguration> {
        public DescriptorImpl() {
            super(AgentKind.FLUX);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.FluxReceiverConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckSecret(@QueryParameter Secret value) {
            return FormChecks.run(() -> SecretValidation.check("The secret", value));
        }
    }
}
