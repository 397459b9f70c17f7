package io.jenkins.plugins.gitops.testkit;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Descriptor;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import java.io.IOException;
import java.util.List;

/** The plugin's global configuration for tests: one config repository, and one agent for all environments. */
public final class GitopsTestConfiguration {
    /** The name of the config repository. */
    public static final String REPOSITORY = "config";

    /** The id of the credentials for a {@link GitServerRule}. */
    public static final String CREDENTIALS = "config-repository";

    private GitopsTestConfiguration() {}

    /** Configures a repository, its credentials, and {@link TestAgent}. */
    public static void apply(String url) throws IOException {
        setPassword(GitServerRule.PASSWORD);
        GitopsConfiguration.get().setAgents(List.of(TestAgent.configuration()));
        GitopsConfiguration.get().setRepositories(List.of(repository(REPOSITORY, url)));
    }

    /** Configures a second agent for all environments. */
    public static void addSecondAgent() {
        GitopsConfiguration.get()
                .setAgents(List.of(
                        TestAgent.configuration(),
                        new AgentConfiguration("other", Secret.fromString(TestAgent.SECRET + "f"))));
    }

    /** Returns the configuration of a repository on a {@link GitServerRule}. */
    public static RepositoryConfiguration repository(String name, String url) {
        return repository(name, url, CREDENTIALS);
    }

    public static RepositoryConfiguration repository(String name, String url, @CheckForNull String credentialsId) {
        RepositoryConfiguration configuration = new RepositoryConfiguration(name, url);
        configuration.setCredentialsId(credentialsId);
        return configuration;
    }

    /** Stores the credentials for a {@link GitServerRule}, or replaces their password. */
    public static void setPassword(String password) throws IOException {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .removeIf(c -> c instanceof UsernamePasswordCredentialsImpl stored
                        && stored.getId().equals(CREDENTIALS));
        try {
            provider.getCredentials()
                    .add(new UsernamePasswordCredentialsImpl(
                            CredentialsScope.GLOBAL, CREDENTIALS, null, GitServerRule.USER, password));
        } catch (Descriptor.FormException e) {
            throw new IOException(e);
        }
        provider.save();
    }
}
