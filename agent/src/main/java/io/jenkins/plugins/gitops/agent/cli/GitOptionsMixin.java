package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.ConfiguredGitCredentials;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.PolicySource;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.RemoteUrl;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options of all commands that read or write a config repository. */
final class GitOptionsMixin {
    /** A large local repository sends nothing for a long time while its first clone is prepared. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    @CheckForNull
    @Option(
            names = "--repository",
            paramLabel = "URL",
            description = "The config repository: https, ssh, user@host:path, or a local path.")
    private String repository;

    @CheckForNull
    @Option(
            names = "--branch",
            paramLabel = "BRANCH",
            description =
                    "The branch with gitops.yaml, and with all targets for which that names no other. By default the"
                            + " default branch of the repository.")
    private String branch;

    @CheckForNull
    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "The user name over HTTP. By default the one of the URL, or git.")
    private String user;

    @CheckForNull
    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password or token on its first line; over ssh the key's passphrase. By"
                    + " default the environment variable GITOPS_PASSWORD.")
    private Path passwordFile;

    @CheckForNull
    @Option(
            names = "--ssh-key",
            paramLabel = "FILE",
            description = "The private key over ssh. By default those of ~/.ssh.")
    private Path sshKey;

    @CheckForNull
    @Option(
            names = "--known-hosts",
            paramLabel = "FILE",
            description = "The keys of hosts over ssh. By default ~/.ssh/known_hosts.")
    private Path knownHosts;

    @CheckForNull
    @Option(
            names = "--cache",
            paramLabel = "FOLDER",
            description = "The folder that keeps the clone for the next call. By default gitops in $XDG_CACHE_HOME or"
                    + " ~/.cache.")
    private Path cache;

    @Option(
            names = "--retry-for",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description =
                    "How long to retry while the Git host is unreachable, busy or restarting. By default 600; 0 for"
                            + " one attempt.")
    private long retryFor;

    /** A task with the branches of a repository. */
    interface RepositoryTask<T> {
        T with(OpenBranches branches) throws Exception;
    }

    /** Whether a repository was given. */
    boolean isGiven() {
        return repository != null;
    }

    /** The user's own Git configuration. */
    GitUserConfig userConfig() throws UserErrorException {
        return GitUserConfig.read(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** The credentials from the options. */
    GitCredentials access() {
        return new ConfiguredGitCredentials(
                new ConfiguredGitCredentials.CredentialFiles(
                        user, RemoteUrl.httpUser(repository).orElse(null), this::password, sshKey, knownHosts),
                new ConfiguredGitCredentials.SettingNames(
                        "--known-hosts",
                        "--ssh-key",
                        "a file with --password-file, or in the variable GITOPS_PASSWORD"));
    }

    /** The first line of the file, otherwise the variable; null if neither exists. */
    @CheckForNull
    private String password() throws IOException {
        if (passwordFile == null) {
            return System.getenv("GITOPS_PASSWORD");
        }
        ConfiguredGitCredentials.readable(passwordFile);
        String first = Files.readString(passwordFile).lines().findFirst().orElse("");
        if (first.isEmpty()) {
            throw new IOException(passwordFile + " has no password on its first line");
        }
        return first;
    }

    /**
     * Opens the repository, fetches the branch with {@code gitops.yaml}, runs the task, and closes the repository.
     *
     * @param progress receives one line for each delay
     * @throws UserErrorException if no repository was given, it cannot be opened or read, or the task rejects the
     *     request
     * @throws Exception any other exception of the task
     */
    <T> T open(RepositoryTask<T> repositoryTask, Consumer<String> progress) throws Exception {
        if (repository == null) {
            throw new UserErrorException("No config repository is named", "Give its URL with --repository");
        }
        if (branch == null) {
            branch = ConfigRepository.defaultBranch(repository, access(), options(), progress);
        }
        try (OpenBranches branches =
                new OpenBranches(branch, (name, policySource) -> open(name, policySource, progress))) {
            return repositoryTask.with(branches);
        }
    }

    private OpenBranches.FetchedClone open(
            String name, @CheckForNull PolicySource policySource, Consumer<String> progress)
            throws UserErrorException, IOException, InterruptedException {
        GitOptions options = options();
        return CommandClone.open(
                cache,
                (folder, writer) -> ConfigRepository.open(
                        folder, repository, name, "command line", access(), writer, options, policySource),
                progress);
    }

    private GitOptions options() throws UserErrorException {
        return new GitOptions(Duration.ofSeconds(Math.max(0, retryFor)), TIMEOUT, true)
                .withHttp(new GitHttpRouting(userConfig(), repository))
                .withDepth(ConfigRepository.INITIAL_DEPTH);
    }
}
