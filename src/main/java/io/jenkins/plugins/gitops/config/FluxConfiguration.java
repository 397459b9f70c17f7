package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A Flux whose notification controller tells what happens in its cluster: how it is known, and what it may speak for. */
@Restricted(NoExternalUse.class)
public final class FluxConfiguration extends AbstractDescribableImpl<FluxConfiguration> {
    private final String name;
    private final Secret secret;
    private String environments;

    /**
     * @param name as {@code agent} of an environment in gitops.yaml calls it; the last segment of its webhook's URL
     * @param secret signs its events, at least {@value SecretText#LEAST} characters; the same stands in the cluster
     */
    @DataBoundConstructor
    public FluxConfiguration(String name, Secret secret) {
        this.name = Util.fixNull(name).trim();
        this.secret = secret;
    }

    @NonNull
    public String getName() {
        return name;
    }

    public Secret getSecret() {
        return secret;
    }

    /** Comma separated names of the environments whose targets it may speak for; null: of any. */
    @CheckForNull
    public String getEnvironments() {
        return environments;
    }

    @DataBoundSetter
    public void setEnvironments(@CheckForNull String environments) {
        this.environments = Names.joined(environments);
    }

    /** Whether it may speak for the targets of an environment. */
    public boolean mayReport(String environment) {
        return Names.covers(environments, environment);
    }

    /** @throws RefusedException when a value is not allowed; never shows the secret */
    void check() throws RefusedException {
        Names.check("Flux", name);
        SecretText.check("The secret of Flux " + name, secret);
        Names.checkAll("environment", environments);
    }

    @Override
    public String toString() {
        return name;
    }

    @Extension
    @Symbol("gitopsFlux")
    public static final class DescriptorImpl extends Descriptor<FluxConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.FluxConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return Checks.run(() -> Names.check("Flux", Util.fixNull(value).trim()));
        }

        @POST
        public FormValidation doCheckSecret(@QueryParameter Secret value) {
            return Checks.run(() -> SecretText.check("The secret", value));
        }

        @POST
        public FormValidation doCheckEnvironments(@QueryParameter String value) {
            return Checks.run(() -> Names.checkAll("environment", value));
        }
    }
}
