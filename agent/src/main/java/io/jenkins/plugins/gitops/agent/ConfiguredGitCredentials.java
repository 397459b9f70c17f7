package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.KeyPasswordProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * The credentials of a user or an agent: user name and password over HTTP, a key over ssh. Connects only to hosts whose
 * key is in the known hosts file. Ignores ssh agents and ssh configuration. Files are read for every connection.
 */
public final class ConfiguredGitCredentials implements GitCredentials {
    /** The user name for servers that require only a token. */
    private static final String DEFAULT_USER = "git";

    private final CredentialFiles credentialFiles;
    private final SettingNames settingNames;

    /** The host key problem of the last ssh connection; null if there was none. */
    @CheckForNull
    private volatile HostKeyProblem problem;

    private record HostKeyProblem(String problem, String remedy) {}

    /** Reads a password, token or passphrase on demand. */
    public interface Password {
        /**
         * @return null if there is none
         * @throws IOException if it cannot be read
         */
        @CheckForNull
        String read() throws IOException;
    }

    /**
     * The locations of the credentials.
     *
     * @param user over HTTP; null for the user in the URL
     * @param urlUser the user in the repository's URL; null for {@code git}
     * @param password over ssh the passphrase of the key
     * @param sshKey a private key; null for the default keys of {@code ssh-keygen} in the user's {@code .ssh} folder
     * @param knownHosts the host keys in ssh's format; null for {@code known_hosts} in that folder
     */
    public record CredentialFiles(
            @CheckForNull String user,
            @CheckForNull String urlUser,
            Password password,
            @CheckForNull Path sshKey,
            @CheckForNull Path knownHosts) {
        String userOrDefault() {
            if (user != null) {
                return user;
            }
            return urlUser == null ? DEFAULT_USER : urlUser;
        }
    }

    /**
     * The names of the settings, for messages.
     *
     * @param password with its article or preposition, such as {@code the file of --password-file}
     */
    public record SettingNames(String knownHosts, String sshKey, String password) {}

    public ConfiguredGitCredentials(CredentialFiles credentialFiles, SettingNames settingNames) {
        this.credentialFiles = credentialFiles;
        this.settingNames = settingNames;
    }

    @Override
    public void configure(Transport transport) throws IOException {
        problem = null;
        String password = credentialFiles.password().read();
        if (transport instanceof SshTransport ssh) {
            ssh.setSshSessionFactory(sessions(password));
        } else if (password != null) {
            GitCredentials.basic(transport, credentialFiles.userOrDefault(), password);
        } else if (credentialFiles.user() != null) {
            throw new IOException("a user name was given, but no password");
        }
    }

    @CheckForNull
    @Override
    public GitRemoteException explain(IOException failure, String url) {
        HostKeyProblem found = problem;
        return found == null
                ? null
                : new GitRemoteException(url + " was not opened: " + found.problem(), found.remedy());
    }

    private SshdSessionFactory sessions(@CheckForNull String passphrase) throws IOException {
        Path home = Path.of(System.getProperty("user.home"));
        Path ssh = home.resolve(".ssh");
        Path hosts = credentialFiles.knownHosts() == null ? ssh.resolve("known_hosts") : credentialFiles.knownHosts();
        SshdSessionFactoryBuilder builder = new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(ssh.toFile())
                .setConfigFile(folder -> null)
                .setPreferredAuthentications("publickey")
                .setServerKeyDatabase((homeFolder, sshFolder) -> new KnownHosts(hosts))
                .setKeyPasswordProvider(provider -> new Passphrase(passphrase));
        readable(hosts);
        Path key = credentialFiles.sshKey();
        if (key != null) {
            readable(key);
            builder.setDefaultIdentities(folder -> List.of(key));
        }
        return builder.build(null);
    }

    /** @throws IOException if there is no such file, or it cannot be read */
    public static void readable(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException("there is not a file " + file + ", or it cannot be read");
        }
    }

    /** Trusts the host keys in one file, and records why another key was rejected. */
    private final class KnownHosts implements ServerKeyDatabase {
        private final Path file;
        private final ServerKeyDatabase keys;

        KnownHosts(Path file) {
            this.file = file;
            this.keys = new OpenSshServerKeyDatabase(false, List.of(file));
        }

        @Override
        public List<PublicKey> lookup(String connect, InetSocketAddress remote, Configuration configuration) {
            return keys.lookup(connect, remote, configuration);
        }

        @Override
        public boolean accept(
                String connect,
                InetSocketAddress remote,
                PublicKey key,
                Configuration configuration,
                CredentialsProvider provider) {
            // Without a provider there is no prompt, so an unknown host is rejected.
            boolean accepted = keys.accept(connect, remote, key, configuration, null);
            if (!accepted) {
                String host = connect + ", whose key is " + KeyUtils.getFingerPrint(key) + ",";
                problem = lookup(connect, remote, configuration).isEmpty()
                        ? new HostKeyProblem(
                                "the host " + host + " is not in " + file,
                                "Compare the key with what the host publishes, then add it to that file (ssh-keyscan"
                                        + " shows it), or name another file with " + settingNames.knownHosts())
                        : new HostKeyProblem(
                                "the host " + host + " has another key in " + file,
                                "Ask the host's owner whether the key was changed. If it was not, the connection may be"
                                        + " intercepted; if it was, replace it in that file ("
                                        + settingNames.knownHosts() + ")");
            }
            return accepted;
        }
    }

    /** Returns the configured passphrase once. */
    private final class Passphrase implements KeyPasswordProvider {
        @CheckForNull
        private final String text;

        Passphrase(@CheckForNull String text) {
            this.text = text;
        }

        @Override
        public char[] getPassphrase(URIish key, int attempt) {
            if (text == null) {
                problem = new HostKeyProblem(
                        "the key " + name(key) + " needs a passphrase", "Give it in " + settingNames.password());
            }
            return text == null || attempt > 0 ? null : text.toCharArray();
        }

        @Override
        public void setAttempts(int attempts) {
            // There is no user to ask for another passphrase.
        }

        @Override
        public boolean keyLoaded(URIish key, int attempt, Exception error) {
            if (error != null && text != null) {
                problem = new HostKeyProblem(
                        "the passphrase does not open the key " + name(key),
                        "Correct it in " + settingNames.password() + ", or name another key with "
                                + settingNames.sshKey());
            }
            return false;
        }

        private String name(URIish key) {
            return key.getPath() == null ? key.toString() : key.getPath();
        }
    }
}
