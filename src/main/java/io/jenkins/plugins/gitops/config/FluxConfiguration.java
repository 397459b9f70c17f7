package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A Flux whose notification controller tells what happens in its cluster: how it is known, and what it may speak for. */
@Restricted(NoExternalUse.class)
public final class FluxConfiguration extends StatusSourceConfiguration<FluxConfiguration> {
    private final Secret secret;

    /**
     * @param name as {@code agent} of an environment in gitops.yaml calls it; the last segment of its webhook's URL
     * @param secret signs its events, at least {@value SecretText#LEAST} characters; the same stands in the cluster
     */
    @DataBoundConstructor
    public FluxConfiguration(String name, Secret secret) {
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
    void checkConnection() throws RefusedException {
        SecretText.check("The secret of Flux " + getName(), secret);
    }

    @Extension
    @Symbol("gitopsFlux")
    public static final class DescriptorImpl extends StatusSourceDescriptor<FluxConfiguration> {
        public DescriptorImpl() {
            super(AgentKind.FLUX);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.FluxConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckSecret(@QueryParameter Secret value) {
            return Checks.run(() -> SecretText.check("The secret", value));
        }
    }
}
