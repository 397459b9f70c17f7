package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.ConfiguredGitCredentials;
import io.jenkins.plugins.gitops.core.git.CloneInUseException;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.RemoteUrl;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options of all commands that read or write a config repository. */
final class GitOptionsMixin {
    /** A large local repository sends nothing for a long time while its first clone is prepared. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final int SECONDS_FOR_OTHERS = 30;
    private static final int LOOK_AGAIN_MILLIS = 50;

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
            description = "Its branch. By default the default branch of the repository.")
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

    /** A task with an open repository. */
    interface RepositoryTask<T> {
        T with(ConfigRepository repository) throws Exception;
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
     * Opens the repository, fetches, runs the task, and closes the repository.
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
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            ConfigRepository opened = openCached(writer, progress);
            return opened == null
                    ? inTemporaryFolder(writer, repositoryTask, progress)
                    : doAndClose(opened, repositoryTask, progress);
        } finally {
            writer.shutdown();
        }
    }

    private <T> T inTemporaryFolder(ExecutorService writer, RepositoryTask<T> repositoryTask, Consumer<String> progress)
            throws Exception {
        Path folder = Files.createTempDirectory("gitops-");
        try {
            return doAndClose(open(folder, writer), repositoryTask, progress);
        } finally {
            deleteTemporary(folder, progress);
        }
    }

    /** A failure to delete the clone does not change the result of the task. */
    private static void deleteTemporary(Path folder, Consumer<String> progress) {
        try {
            delete(folder);
        } catch (IOException e) {
            progress.accept("The temporary folder " + folder + " was not deleted: " + e.getMessage());
        }
    }

    private static <T> T doAndClose(ConfigRepository repository, RepositoryTask<T> work, Consumer<String> progress)
            throws Exception {
        try (repository) {
            repository.fetchWithRetries(progress);
            return work.with(repository);
        }
    }

    /** Null if another process uses the clone for too long, or the default folder cannot be used. */
    @CheckForNull
    private ConfigRepository openCached(ExecutorService writer, Consumer<String> progress)
            throws UserErrorException, InterruptedException {
        try {
            return openWhenFree(cache == null ? defaultCache() : cache, writer, progress);
        } catch (CloneInUseException e) {
            progress.accept("It is still in use; cloning the repository for this call only");
            return null;
        } catch (UserErrorException e) {
            if (cache == null) {
                return null;
            }
            throw e;
        }
    }

    private static Path defaultCache() {
        String base = System.getenv("XDG_CACHE_HOME");
        Path folder =
                base == null || base.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base);
        return folder.resolve("gitops");
    }

    /** Waits for another process that uses the clone: that rarely takes long, whereas another clone may. */
    private ConfigRepository openWhenFree(Path folder, ExecutorService writer, Consumer<String> progress)
            throws UserErrorException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_FOR_OTHERS);
        boolean told = false;
        while (true) {
            try {
                return open(folder, writer);
            } catch (CloneInUseException e) {
                if (System.nanoTime() >= end) {
                    throw e;
                }
                if (!told) {
                    progress.accept("The clone in " + folder + " is in use by another process; waiting up to "
                            + SECONDS_FOR_OTHERS + " s for it");
                    told = true;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
        }
    }

    private ConfigRepository open(Path folder, ExecutorService writer) throws UserErrorException {
        return ConfigRepository.open(folder, repository, branch, "command line", access(), writer, options());
    }

    private GitOptions options() throws UserErrorException {
        return new GitOptions(Duration.ofSeconds(Math.max(0, retryFor)), TIMEOUT, true)
                .withHttp(new GitHttpRouting(userConfig(), repository))
                .withDepth(ConfigRepository.SUFFICIENT_DEPTH);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
