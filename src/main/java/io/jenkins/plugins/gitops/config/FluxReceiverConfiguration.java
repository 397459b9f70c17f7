package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** A Flux whose notification controller tells what happens in its cluster: how it is known, and what it may speak for. */
@Restricted(NoExternalUse.class)
public final class FluxReceiverConfiguration extends SignedSourceConfiguration<FluxReceiverConfiguration> {
    private static final String SECRET_LABEL = "The secret";

    /**
     * @param name as {@code agent} of an environment in gitops.yaml calls it; the last segment of its webhook's URL
     * @param secret signs its events, at least {@value SecretValidation#MIN_LENGTH} characters; the same stands in the
     *     cluster
     */
    @DataBoundConstructor
    public FluxReceiverConfiguration(String name, Secret secret) {
        super(name, secret);
    }

    @Override
    public AgentKind kind() {
        return AgentKind.FLUX;
    }

    @Override
    String secretLabel() {
        return SECRET_LABEL;
    }

    @Extension
    @Symbol("gitopsFlux")
    public static final class DescriptorImpl extends SignedSourceDescriptor<FluxReceiverConfiguration> {
        public DescriptorImpl() {
            super(AgentKind.FLUX, SECRET_LABEL);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.FluxReceiverConfiguration_displayName();
        }
    }
}
