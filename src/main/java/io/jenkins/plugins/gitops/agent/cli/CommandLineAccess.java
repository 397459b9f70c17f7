package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.GitAccess;
import io.jenkins.plugins.gitops.core.git.GitFailure;
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
 * The credentials of whoever runs the command line: a user name and password over HTTP, a key over ssh. A host is only
 * spoken to when the file of known hosts has its key. Neither an ssh agent nor an ssh configuration counts. Files are
 * read for every connection.
 */
final class CommandLineAccess implements GitAccess {
    /** What a server takes that asks for a token only. */
    static final String DEFAULT_USER = "git";

    private final Credentials credentials;

    /** What was found wrong over ssh when the last connection was made; null when nothing was. */
    @CheckForNull
    private volatile Problem problem;

    private record Problem(String what, String wayOut) {}

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
        problem = null;
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
    @Override
    public GitFailure explain(IOException failure, String url) {
        Problem found = problem;
        return found == null ? null : new GitFailure(url + " was not opened: " + found.what(), found.wayOut());
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
                .setServerKeyDatabase((homeFolder, sshFolder) -> new KnownHosts(hosts))
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

    /** Trusts the keys of one file, and notes why another one was not trusted. */
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
            // Without a provider nobody is asked, so an unknown host stays unknown.
            boolean accepted = keys.accept(connect, remote, key, configuration, null);
            if (!accepted) {
                String host = connect + ", whose key is " + KeyUtils.getFingerPrint(key) + ",";
                problem = lookup(connect, remote, configuration).isEmpty()
                        ? new Problem(
                                "the host " + host + " is not in " + file,
                                "Compare the key with what the host publishes, then add it to that file (ssh-keyscan"
                                        + " shows it), or name another file with --known-hosts")
                        : new Problem(
                                "the host " + host + " has another key in " + file,
                                "Find out from the host's owner whether the key was changed: if it was not, somebody"
                                        + " stands between. Then replace it in that file (--known-hosts)");
            }
            return accepted;
        }
    }

    /** Gives the one passphrase there is, once. */
    private final class Passphrase implements KeyPasswordProvider {
        @CheckForNull
        private final String text;

        Passphrase(@CheckForNull String text) {
            this.text = text;
        }

        @Override
        public char[] getPassphrase(URIish key, int attempt) {
            if (text == null) {
                problem = new Problem(
                        "the key " + name(key) + " needs a passphrase",
                        "Give it in a file with --password-file, or in the variable GITOPS_PASSWORD");
            }
            return text == null || attempt > 0 ? null : text.toCharArray();
        }

        @Override
        public void setAttempts(int attempts) {
            // There is nobody to ask again.
        }

        @Override
        public boolean keyLoaded(URIish key, int attempt, Exception error) {
            if (error != null && text != null) {
                problem = new Problem(
                        "the passphrase does not open the key " + name(key),
                        "Correct it in the file of --password-file or in the variable GITOPS_PASSWORD, or name another"
                                + " key with --ssh-key");
            }
            return false;
        }

        private String name(URIish key) {
            return key.getPath() == null ? key.toString() : key.getPath();
        }
    }
}
