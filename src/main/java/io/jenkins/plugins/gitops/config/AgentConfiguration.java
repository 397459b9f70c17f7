package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** An agent that reports from its cluster: its name, its secret, and the environments that it may report on. */
@Restricted(NoExternalUse.class)
public final class AgentConfiguration extends SignedSourceConfiguration<AgentConfiguration> {
    private static final String SECRET_LABEL = "The report secret";

    /**
     * @param name that the agent sends with its reports
     * @param secret the report secret, at least {@value SecretValidation#MIN_LENGTH} characters; the agent's cluster
     *     has the same one
     */
    @DataBoundConstructor
    public AgentConfiguration(String name, Secret secret) {
        super(name, secret);
    }

    @Override
    public AgentKind kind() {
        return AgentKind.AGENT;
    }

    @Override
    String secretLabel() {
        return SECRET_LABEL;
    }

    @Extension
    @Symbol("gitopsAgent")
    public static final class DescriptorImpl extends SignedSourceDescriptor<AgentConfiguration> {
        public DescriptorImpl() {
            super(AgentKind.AGENT, SECRET_LABEL);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AgentConfiguration_displayName();
        }
    }
}
