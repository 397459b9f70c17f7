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

/** An agent that reports from its cluster: how it is known, and what it may speak for. */
@Restricted(NoExternalUse.class)
public final class AgentConfiguration extends AbstractDescribableImpl<AgentConfiguration> {
    private final String name;
    private final Secret secret;
    private String environments;

    /**
     * @param name as the agent calls itself
     * @param secret the report secret, at least {@value SecretText#LEAST} characters; the same stands in the agent's cluster
     */
    @DataBoundConstructor
    public AgentConfiguration(String name, Secret secret) {
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

    /** Comma separated names of the environments whose targets it may report; null: of any. */
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
        Names.check("agent", name);
        SecretText.check("The report secret of agent " + name, secret);
        Names.checkAll("environment", environments);
    }

    @Override
    public String toString() {
        return name;
    }

    @Extension
    @Symbol("gitopsAgent")
    public static final class DescriptorImpl extends Descriptor<AgentConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AgentConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return Checks.run(() -> Names.check("agent", Util.fixNull(value).trim()));
        }

        @POST
        public FormValidation doCheckSecret(@QueryParameter Secret value) {
            return Checks.run(() -> SecretText.check("The report secret", value));
        }

        @POST
        public FormValidation doCheckEnvironments(@QueryParameter String value) {
            return Checks.run(() -> Names.checkAll("environment", value));
        }
    }
}
