package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.AllowedFolders;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.gitclient.GitURIRequirementsBuilder;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A config repository that Jenkins may write to, and its credentials. */
@Restricted(NoExternalUse.class)
public final class RepositoryConfiguration extends AbstractDescribableImpl<RepositoryConfiguration> {
    private final String name;
    private final String url;
    private String credentialsId;
    private String branch;
    private String aliases;
    private Secret webhookSecret;
    // Not null after readResolve.
    private String folders = AllowedFolders.ALL;
    private boolean requirePolicy;
    private CommitConfiguration commits;
    /** The configuration of the branch with the policy; null if this is that one, as in everything that is stored. */
    private transient RepositoryConfiguration policy;

    /**
     * @param name that Pipelines refer to; letters, digits, '.', '_', '-'
     * @param url https, ssh or scp-like; without a password
     */
    @DataBoundConstructor
    public RepositoryConfiguration(String name, String url) {
        this.name = Util.fixNull(name).trim();
        this.url = Util.fixNull(url).trim();
    }

    @NonNull
    public String getName() {
        return name;
    }

    @NonNull
    public String getUrl() {
        return url;
    }

    /** Id of system credentials; null for none. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** The protected branch that is read and written; null for the one that the remote's {@code HEAD} names. */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    /** Other URLs of the same repository, separated by commas; null for none. */
    @CheckForNull
    public String getAliases() {
        return aliases;
    }

    @DataBoundSetter
    public void setAliases(@CheckForNull String aliases) {
        this.aliases = NameValidation.normalizeList(aliases);
    }

    /** Authenticates push events of the Git host; null when it sends none. */
    @CheckForNull
    public Secret getWebhookSecret() {
        return webhookSecret;
    }

    @DataBoundSetter
    public void setWebhookSecret(@CheckForNull Secret webhookSecret) {
        this.webhookSecret = Secret.toString(webhookSecret).isEmpty() ? null : webhookSecret;
    }

    /**
     * Full names of the folders whose jobs may use it, separated by commas; {@code *} for every job, which is the
     * default. An empty list is rejected.
     */
    @NonNull
    public String getFolders() {
        return folders;
    }

    @DataBoundSetter
    public void setFolders(@CheckForNull String folders) {
        this.folders = Util.fixNull(NameValidation.normalizeList(folders));
    }

    /** Whether changes are allowed only in environments that its {@code gitops.yaml} names. */
    public boolean isRequirePolicy() {
        return requirePolicy;
    }

    @DataBoundSetter
    public void setRequirePolicy(boolean requirePolicy) {
        this.requirePolicy = requirePolicy;
    }

    /** How its commits are made; null for the defaults. */
    @CheckForNull
    public CommitConfiguration getCommits() {
        return commits;
    }

    @DataBoundSetter
    public void setCommits(@CheckForNull CommitConfiguration commits) {
        this.commits = commits;
    }

    /**
     * The same repository on the branch of an environment, whose policy is on the configured branch.
     *
     * @param name short name of the branch; null for the configured branch
     */
    public RepositoryConfiguration onBranch(@CheckForNull String name) {
        RepositoryConfiguration configured = policy();
        if (name == null) {
            return configured;
        }
        RepositoryConfiguration other = new RepositoryConfiguration(this.name, url);
        other.credentialsId = credentialsId;
        other.branch = name;
        other.aliases = aliases;
        other.webhookSecret = webhookSecret;
        other.folders = folders;
        other.requirePolicy = requirePolicy;
        other.commits = commits;
        other.policy = configured;
        return other;
    }

    /** The configuration of the branch with the policy, which is the configured one. */
    public RepositoryConfiguration policy() {
        return policy == null ? this : policy;
    }

    /** Whether this is the branch of an environment and not the configured one. */
    public boolean isOfEnvironment() {
        return policy != null;
    }

    /** The jobs that may use it. */
    public AllowedFolders allowedFolders() {
        return new AllowedFolders(List.copyOf(NameValidation.split(folders)));
    }

    /**
     * Configurations that were stored before the list of folders existed stay open to every job. Those that were stored
     * without a branch follow the remote's default branch.
     */
    private Object readResolve() {
        branch = Util.fixEmptyAndTrim(branch);
        if (folders == null) {
            folders = AllowedFolders.ALL;
        }
        return this;
    }

    /** All URLs of this repository, the one that Jenkins connects to first. */
    public List<String> urls() {
        List<String> urls = new ArrayList<>(List.of(url));
        urls.addAll(NameValidation.split(aliases));
        return urls;
    }

    /**
     * The {@link RepositoryUrl#key keys} of all URLs of this repository, each of which identifies it. The key of the
     * URL that Jenkins connects to comes first.
     */
    public Set<String> keys() {
        return urls().stream().map(RepositoryUrl::key).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether a URL, in any notation, refers to this repository. */
    public boolean isAt(String otherUrl) {
        return keys().contains(RepositoryUrl.key(otherUrl));
    }

    /** @throws UserErrorException when a value is invalid */
    void check() throws UserErrorException {
        NameValidation.check("repository", name);
        RepositoryUrl.check(url);
        RepositoryUrl.checkAliases(aliases);
        NameValidation.checkBranch(branch);
        SecretValidation.checkOptional("The webhook secret of repository " + name, webhookSecret);
        allowedFolders().check("Repository " + name);
        if (commits != null) {
            commits.check();
        }
    }

    /**
     * Equal if both refer to the same branch and read it in the same way. The webhook secret and the allowed folders do
     * not count: the state of the branch remains valid when they change.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof RepositoryConfiguration that
                && name.equals(that.name)
                && url.equals(that.url)
                && Objects.equals(branch, that.branch)
                && Objects.equals(credentialsId, that.credentialsId)
                && Objects.equals(policy, that.policy);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, url, branch, credentialsId, policy);
    }

    @Override
    public String toString() {
        return name;
    }

    @Extension
    @Symbol("gitopsRepository")
    public static final class DescriptorImpl extends Descriptor<RepositoryConfiguration> {
        private static final CredentialsMatcher USABLE = CredentialsMatchers.anyOf(
                CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class),
                CredentialsMatchers.instanceOf(StringCredentials.class),
                CredentialsMatchers.instanceOf(SSHUserPrivateKey.class));

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.RepositoryConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormChecks.run(
                    () -> NameValidation.check("repository", Util.fixNull(value).trim()));
        }

        /** Checks only the text: if the form opened connections, any user who can see it could probe the network. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value) {
            return FormChecks.run(() -> RepositoryUrl.check(Util.fixNull(value).trim()));
        }

        @POST
        public FormValidation doCheckAliases(@QueryParameter String value) {
            return FormChecks.run(() -> RepositoryUrl.checkAliases(value));
        }

        @POST
        public FormValidation doCheckBranch(@QueryParameter String value) {
            return FormChecks.run(() -> NameValidation.checkBranch(Util.fixEmptyAndTrim(value)));
        }

        @POST
        public FormValidation doCheckWebhookSecret(@QueryParameter Secret value) {
            return FormChecks.run(() -> SecretValidation.checkOptional("The webhook secret", value));
        }

        @POST
        public FormValidation doCheckFolders(@QueryParameter String value) {
            return FormChecks.run(
                    () -> new AllowedFolders(List.copyOf(NameValidation.split(value))).check("The config repository"));
        }

        /** Action of the form's button: checks the saved repository of this name, whatever else the form contains. */
        @POST
        public FormValidation doCheckRepository(@QueryParameter String name) {
            Jenkins.get().checkPermission(GitopsPermissions.CONFIGURE);
            String wanted = Util.fixNull(name).trim();
            return GitopsConfiguration.get().getRepositories().stream()
                    .filter(repository -> repository.getName().equals(wanted))
                    .findFirst()
                    .map(repository -> RepositoryCheck.get().check(repository))
                    .orElseGet(() -> FormValidation.warning(Messages.RepositoryConfiguration_notSaved()));
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId, @QueryParameter String url) {
            return CredentialItems.of(
                    credentialsId,
                    GitURIRequirementsBuilder.fromUri(Util.fixNull(url)).build(),
                    USABLE);
        }
    }
}
