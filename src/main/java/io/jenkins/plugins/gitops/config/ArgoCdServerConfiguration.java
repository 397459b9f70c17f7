package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdServerUrl;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * An Argo CD server that Jenkins polls for application status: its URL and token, and the environments that it may
 * report on.
 */
@Restricted(NoExternalUse.class)
public final class ArgoCdServerConfiguration extends StatusSourceConfiguration<ArgoCdServerConfiguration> {
    private final String url;
    private final String credentialsId;
    private final String projects;
    private Secret webhookSecret;

    /**
     * @param name that {@code agent} of an environment in gitops.yaml refers to
     * @param url https, including the server's root path if it has one; http on the loopback interface only
     * @param credentialsId id of a secret text with the token, in the system credentials
     * @param projects comma-separated names of the Argo CD projects to read, at least one
     */
    @DataBoundConstructor
    public ArgoCdServerConfiguration(String name, String url, String credentialsId, String projects) {
        super(name);
        this.url = ArgoCdServerUrl.withoutSlash(Util.fixNull(url).trim());
        this.credentialsId = Util.fixNull(credentialsId).trim();
        this.projects = String.join(", ", NameValidation.split(projects));
    }

    /** Without a trailing slash. */
    @NonNull
    public String getUrl() {
        return url;
    }

    @NonNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Comma-separated. */
    @NonNull
    public String getProjects() {
        return projects;
    }

    /** The projects as a list, in the configured order. */
    public List<String> projectList() {
        return List.copyOf(NameValidation.split(projects));
    }

    /** The secret in a header of its notifications; null when it sends none. */
    @CheckForNull
    public Secret getWebhookSecret() {
        return webhookSecret;
    }

    @DataBoundSetter
    public void setWebhookSecret(@CheckForNull Secret webhookSecret) {
        this.webhookSecret = Secret.toString(webhookSecret).isEmpty() ? null : webhookSecret;
    }

    @Override
    public AgentKind kind() {
        return AgentKind.ARGO_CD;
    }

    @Override
    void checkConnection() throws UserErrorException {
        ArgoCdServerUrl.check(url);
        if (credentialsId.isEmpty()) {
            throw new UserErrorException(
                    "Argo CD server " + getName() + " has no credentials",
                    "Select a secret text with a token that can only read applications");
        }
        checkProjects(projects);
        SecretValidation.checkOptional("The webhook secret of Argo CD server " + getName(), webhookSecret);
    }

    private static void checkProjects(@CheckForNull String projects) throws UserErrorException {
        if (NameValidation.split(projects).isEmpty()) {
            throw new UserErrorException(
                    "No Argo CD project is named",
                    "List the projects whose applications are read, separated by commas");
        }
        NameValidation.checkAll("Argo CD project", projects);
    }

    @Extension
    @Symbol("gitopsArgocd")
    public static final class DescriptorImpl extends StatusSourceDescriptor<ArgoCdServerConfiguration> {
        public DescriptorImpl() {
            super(AgentKind.ARGO_CD);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ArgoCdServerConfiguration_displayName();
        }

        /** Checks only the text: if the form opened connections, any user who can see it could probe the network. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value) {
            return FormChecks.run(
                    () -> ArgoCdServerUrl.check(Util.fixNull(value).trim()));
        }

        @POST
        public FormValidation doCheckProjects(@QueryParameter String value) {
            return FormChecks.run(() -> checkProjects(value));
        }

        @POST
        public FormValidation doCheckWebhookSecret(@QueryParameter Secret value) {
            return FormChecks.run(() -> SecretValidation.checkOptional("The webhook secret", value));
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId, @QueryParameter String url) {
            return CredentialItems.of(
                    credentialsId,
                    URIRequirementBuilder.fromUri(Util.fixNull(url)).build(),
                    CredentialsMatchers.instanceOf(StringCredentials.class));
        }
    }
}
