package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * A Flux whose notification controller sends events about its cluster: its name, its secret, and the environments that
 * it may report on.
 */
@Restricted(NoExternalUse.class)
public final class FluxReceiverConfiguration extends SignedSourceConfiguration<FluxReceiverConfiguration> {
    private static final String SECRET_LABEL = "The secret";

    /**
     * @param name that {@code agent} of an environment in gitops.yaml refers to; the last segment of its webhook's URL
     * @param secret signs its events, at least {@value SecretValidation#MIN_LENGTH} characters; the cluster has the
     *     same one
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
