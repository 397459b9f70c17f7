package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Common configuration of all kinds of agents: the name, and the environments that it may report on.
 *
 * @param <T> the configuration of one kind
 */
@Restricted(NoExternalUse.class)
public abstract class StatusSourceConfiguration<T extends StatusSourceConfiguration<T>>
        extends AbstractDescribableImpl<T> {
    private final String name;
    private String environments;

    StatusSourceConfiguration(@CheckForNull String name) {
        this.name = Util.fixNull(name).trim();
    }

    /** The name that {@code agent} of an environment in gitops.yaml refers to. */
    @NonNull
    public final String getName() {
        return name;
    }

    /** Comma-separated names of the environments whose targets it may report on; null for any. */
    @CheckForNull
    public final String getEnvironments() {
        return environments;
    }

    @DataBoundSetter
    public final void setEnvironments(@CheckForNull String environments) {
        this.environments = NameValidation.normalizeList(environments);
    }

    /** Whether it may report on the targets of an environment. */
    public final boolean mayReport(String environment) {
        return NameValidation.contains(environments, environment);
    }

    /** The kind of agent that this configures. */
    public abstract AgentKind kind();

    /** @throws UserErrorException when a value is invalid; never contains a secret */
    final void check() throws UserErrorException {
        NameValidation.check(kind().noun(), name);
        checkConnection();
        NameValidation.checkAll("environment", environments);
    }

    /**
     * Checks the fields that only this kind has.
     *
     * @throws UserErrorException when a value is invalid; never contains a secret
     */
    abstract void checkConnection() throws UserErrorException;

    @Override
    public final String toString() {
        return name;
    }

    /**
     * Checks the fields that all kinds have in common.
     *
     * @param <T> the configuration of one kind
     */
    @Restricted(NoExternalUse.class)
    public abstract static class StatusSourceDescriptor<T extends StatusSourceConfiguration<T>> extends Descriptor<T> {
        private final AgentKind kind;

        StatusSourceDescriptor(AgentKind kind) {
            this.kind = kind;
        }

        @POST
        public final FormValidation doCheckName(@QueryParameter String value) {
            return FormChecks.run(
                    () -> NameValidation.check(kind.noun(), Util.fixNull(value).trim()));
        }

        @POST
        public final FormValidation doCheckEnvironments(@QueryParameter String value) {
            return FormChecks.run(() -> NameValidation.checkAll("environment", value));
        }
    }
}
