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
 * What the configurations of all kinds of agents have in common: the name, and the environments that it may report.
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

    /** As {@code agent} of an environment in gitops.yaml calls it. */
    @NonNull
    public final String getName() {
        return name;
    }

    /** Comma separated names of the environments whose targets it may report; null: of any. */
    @CheckForNull
    public final String getEnvironments() {
        return environments;
    }

    @DataBoundSetter
    public final void setEnvironments(@CheckForNull String environments) {
        this.environments = NameValidation.normalizeList(environments);
    }

    /** Whether it may report the targets of an environment. */
    public final boolean mayReport(String environment) {
        return NameValidation.contains(environments, environment);
    }

    /** The kind of agent that it is the configuration of. */
    public abstract AgentKind kind();

    /** @throws UserErrorException when a value is not allowed; never shows a secret */
    final void check() throws UserErrorException {
        NameValidation.check(kind().noun(), name);
        checkConnection();
        NameValidation.checkAll("environment", environments);
    }

    /**
     * Checks what only this kind has.
     *
     * @throws UserErrorException when a value is not allowed; never shows a secret
     */
    abstract void checkConnection() throws UserErrorException;

    @Override
    public final String toString() {
        return name;
    }

    /**
     * The checks of the fields that all kinds have.
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
