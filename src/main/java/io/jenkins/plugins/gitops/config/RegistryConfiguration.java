package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.registry.RegistryHost;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A container registry that Jenkins may ask which digest a tag means. */
@Restricted(NoExternalUse.class)
public final class RegistryConfiguration extends AbstractDescribableImpl<RegistryConfiguration> {
    private final String host;
    private String credentialsId;
    private String tokenServer;

    /** @param host as image names contain it, such as {@code ghcr.io}; {@code docker.io} for Docker Hub */
    @DataBoundConstructor
    public RegistryConfiguration(String host) {
        this.host = Util.fixNull(host).trim();
    }

    @NonNull
    public String getHost() {
        return host;
    }

    /** The id of a user name with password in the system store; null to ask anonymously. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** The host that issues tokens if it is outside of the registry's domain; null for none. */
    @CheckForNull
    public String getTokenServer() {
        return tokenServer;
    }

    @DataBoundSetter
    public void setTokenServer(@CheckForNull String tokenServer) {
        this.tokenServer = Util.fixEmptyAndTrim(tokenServer);
    }

    /** @throws UserErrorException if it is not a valid host */
    public RegistryHost registryHost() throws UserErrorException {
        return RegistryHost.of(host);
    }

    /**
     * The host of {@link #getTokenServer}; null for none.
     *
     * @throws UserErrorException if it is not a valid host
     */
    @CheckForNull
    public RegistryHost tokenHost() throws UserErrorException {
        return tokenServer == null ? null : RegistryHost.of(tokenServer);
    }

    void check() throws UserErrorException {
        registryHost();
        tokenHost();
    }

    @Extension
    @Symbol("gitopsRegistry")
    public static final class DescriptorImpl extends Descriptor<RegistryConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.RegistryConfiguration_displayName();
        }

        /** Checks only the text: if the form opened connections, any user who can see it could probe the network. */
        @POST
        public FormValidation doCheckHost(@QueryParameter String value) {
            return FormChecks.run(() -> RegistryHost.of(Util.fixNull(value)));
        }

        @POST
        public FormValidation doCheckTokenServer(@QueryParameter String value) {
            String named = Util.fixEmptyAndTrim(value);
            return named == null ? FormValidation.ok() : FormChecks.run(() -> RegistryHost.of(named));
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @QueryParameter String credentialsId, @QueryParameter String host) {
            return CredentialItems.of(
                    credentialsId,
                    domain(host),
                    CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));
        }

        private static List<DomainRequirement> domain(@CheckForNull String host) {
            try {
                String url = RegistryHost.of(Util.fixNull(host)).url().toString();
                return URIRequirementBuilder.fromUri(url).build();
            } catch (UserErrorException e) {
                return List.of();
            }
        }
    }
}
