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

/** An agent that reports from its cluster: how it is known, and what it may speak for. */
@Restricted(NoExternalUse.class)
public final class AgentConfiguration extends StatusSourceConfiguration<AgentConfiguration> {
    private final Secret secret;

    /**
     * @param name as the agent calls itself
     * @param secret the report secret, at least {@value SecretValidation#MIN_LENGTH} characters; the same stands in the
     *     agent's cluster
     */
    @DataBoundConstructor
    public AgentConfiguration(String name, Secret secret) {
        super(name);
        this.secret = secret;
    }

    public Secret getSecret() {
        return secret;
    }

    @Override
    public AgentKind kind() {
        return AgentKind.AGENT;
    }

    @Override
    void checkConnection() throws UserErrorException {
        SecretValidation.check("The report secret of agent " + getName(), secret);
    }

    @Extension
    @Symbol("gitopsAgent")
    public static final class DescriptorImpl extends StatusSourceDescriptor<AgentConfiguration> {
        public DescriptorImpl() {
            super(AgentKind.AGENT);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AgentConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckSecret(@QueryParameter Secret value) {
            return FormChecks.run(() -> SecretValidation.check("The report secret", value));
        }
    }
}
