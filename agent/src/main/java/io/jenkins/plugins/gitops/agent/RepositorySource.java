package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.reconcile.GitSource;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.RemoteUrl;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/** The config repository, read-only. */
final class RepositorySource implements GitSource {
    private final ConfigRepository repository;

    private RepositorySource(ConfigRepository repository) {
        this.repository = repository;
    }

    /** @param scope identifies the clone, since two processes cannot share one */
    static RepositorySource open(AgentConfig config, String scope) throws UserErrorException {
        AgentConfig.Repository settings = config.repository();
        return new RepositorySource(ConfigRepository.open(
                config.cacheFolder(), settings.url(), settings.branch(), scope, access(settings), task -> {
                    throw new RejectedExecutionException("An agent never writes to Git");
                }));
    }

    private static GitCredentials access(AgentConfig.Repository settings) {
        return new ConfiguredGitCredentials(
                new ConfiguredGitCredentials.CredentialFiles(
                        settings.username(),
                        RemoteUrl.httpUser(settings.url()).orElse(null),
                        () -> password(settings),
                        settings.sshKey(),
                        settings.knownHosts()),
                new ConfiguredGitCredentials.SettingNames(
                        "repository.knownHostsFile",
                        "repository.privateKeyFile",
                        "the file of repository.passwordFile"));
    }

    @CheckForNull
    private static String password(AgentConfig.Repository settings) throws IOException {
        try {
            return settings.password() == null ? null : settings.password().read();
        } catch (UserErrorException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public String fetch() throws UserErrorException {
        return repository.fetch();
    }

    @Override
    public String branch() {
        return repository.branch();
    }

    @Override
    public FileTree files(String revision) throws IOException {
        return repository.files(revision);
    }

    @Override
    public Optional<List<String>> revisionsSince(String since, String tip, int most) throws IOException {
        return repository.revisionsSince(since, tip, most);
    }

    @Override
    public String root(String revision) throws IOException {
        return repository.root(revision);
    }

    @Override
    public boolean isAncestor(String ancestor, String descendant) throws IOException {
        return repository.isAncestor(ancestor, descendant);
    }

    @Override
    public void close() {
        repository.close();
    }
}
