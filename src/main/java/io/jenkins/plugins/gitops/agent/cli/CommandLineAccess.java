package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.GitAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.KeyPasswordProvider;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * The credentials of whoever runs the command line: a user name and password over HTTP, a key over ssh. A host is only
 * spoken to when the file of known hosts has its key. Neither an ssh agent nor an ssh configuration counts. Files are
 * read for every connection.
 */
final class CommandLineAccess implements GitAccess {
    /** What a server takes that asks for a token only. */
    static final String DEFAULT_USER = "git";

    private final Credentials credentials;

    /**
     * Where the credentials are.
     *
     * @param user over HTTP; null for {@link #DEFAULT_USER}
     * @param passwordFile holds the password, token or passphrase on its first line; null when there is none
     * @param password used when there is no file; null when there is none
     * @param sshKey a private key; null for those that {@code ssh-keygen} puts into the user's {@code .ssh} folder
     * @param knownHosts the keys of hosts as ssh writes them; null for {@code known_hosts} of that folder
     */
    record Credentials(
            @CheckForNull String user,
            @CheckForNull Path passwordFile,
            @CheckForNull String password,
            @CheckForNull Path sshKey,
            @CheckForNull Path knownHosts) {}

    CommandLineAccess(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public void configure(Transport transport) throws IOException {
        String password = password();
        if (transport instanceof SshTransport ssh) {
            ssh.setSshSessionFactory(sessions(password));
        } else if (password != null) {
            String user = credentials.user();
            GitAccess.basic(transport, user == null ? DEFAULT_USER : user, password);
        } else if (credentials.user() != null) {
            throw new IOException("a user name was given, but no password");
        }
    }

    @CheckForNull
    private String password() throws IOException {
        Path file = credentials.passwordFile();
        if (file == null) {
            return credentials.password();
        }
        readable(file);
        String first = Files.readString(file).lines().findFirst().orElse("");
        if (first.isEmpty()) {
            throw new IOException(file + " holds no password on its first line");
        }
        return first;
    }

    private SshdSessionFactory sessions(@CheckForNull String passphrase) throws IOException {
        Path home = Path.of(System.getProperty("user.home"));
        Path ssh = home.resolve(".ssh");
        Path hosts = credentials.knownHosts() == null ? ssh.resolve("known_hosts") : credentials.knownHosts();
        SshdSessionFactoryBuilder builder = new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(ssh.toFile())
                .setConfigFile(folder -> null)
                .setPreferredAuthentications("publickey")
                .setDefaultKnownHostsFiles(folder -> List.of(hosts))
                .setKeyPasswordProvider(provider -> new Passphrase(passphrase));
        readable(hosts);
        Path key = credentials.sshKey();
        if (key != null) {
            readable(key);
            builder.setDefaultIdentities(folder -> List.of(key));
        }
        return builder.build(null);
    }

    private static void readable(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException("there is no file " + file + ", or it cannot be read");
        }
    }

    /** Gives the one passphrase there is, once. */
    private record Passphrase(@CheckForNull String text) implements KeyPasswordProvider {
        @Override
        public char[] getPassphrase(URIish key, int attempt) {
            return text == null || attempt > 0 ? null : text.toCharArray();
        }

        @Override
        public void setAttempts(int attempts) {
            // There is nobody to ask again.
        }

        @Override
        public boolean keyLoaded(URIish key, int attempt, Exception error) {
            return false;
        }
    }
}
