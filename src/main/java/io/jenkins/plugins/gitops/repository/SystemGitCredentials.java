package io.jenkins.plugins.gitops.repository;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.git.remote.RemoteUrl;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.jenkinsci.plugins.gitclient.Git;
import org.jenkinsci.plugins.gitclient.GitClient;
import org.jenkinsci.plugins.gitclient.GitHostKeyVerificationConfiguration;
import org.jenkinsci.plugins.gitclient.GitURIRequirementsBuilder;
import org.jenkinsci.plugins.gitclient.JGitAPIImpl;
import org.jenkinsci.plugins.gitclient.JGitTool;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** System credentials, looked up for each connection, so that a rotated secret takes effect immediately. */
final class SystemGitCredentials implements GitCredentials {
    private static final Logger LOGGER = Logger.getLogger(SystemGitCredentials.class.getName());
    private static final String HOST_KEYS = "Git Host Key Verification Configuration";
    private static final long BETWEEN_TRACKS = TimeUnit.MINUTES.toNanos(1);

    private final String url;

    @CheckForNull
    private final String credentialsId;

    /** For the last SSH connection; null before the first one. */
    @CheckForNull
    private volatile RecordingHostKeyVerifierFactory hostKeys;

    private final AtomicLong lastTracked = new AtomicLong(System.nanoTime() - BETWEEN_TRACKS);

    SystemGitCredentials(String url, @CheckForNull String credentialsId) {
        this.url = url;
        this.credentialsId = credentialsId;
    }

    @Override
    public String name() {
        return Objects.toString(credentialsId, "");
    }

    @Override
    public void configure(Transport transport) throws IOException {
        StandardCredentials credentials = credentialsId == null ? null : lookUp(credentialsId);
        if (transport instanceof SshTransport ssh) {
            configureSsh(ssh, credentials);
        } else if (credentials instanceof StandardUsernamePasswordCredentials user) {
            GitCredentials.basic(
                    transport, user.getUsername(), user.getPassword().getPlainText());
        } else if (credentials instanceof StringCredentials token) {
            GitCredentials.basic(transport, tokenUser(), token.getSecret().getPlainText());
        } else if (credentials != null) {
            throw new IOException("Credentials " + credentialsId + " cannot be used for " + url
                    + ": it takes a user name with password, or a token");
        }
    }

    @CheckForNull
    @Override
    public GitRemoteException explain(IOException failure, String repository) {
        RecordingHostKeyVerifierFactory keys = hostKeys;
        RecordingHostKeyVerifierFactory.RejectedHostKey rejectedHostKey = keys == null ? null : keys.refusal();
        if (rejectedHostKey != null) {
            return hostKeyFailure(rejectedHostKey, repository);
        }
        if (keys != null && credentialsId != null && !opensItsKey(credentialsId)) {
            return new GitRemoteException(
                    repository + " was not opened: the passphrase of credentials " + credentialsId
                            + " does not open its private key, or the key cannot be read",
                    "Correct passphrase and key of these credentials");
        }
        return null;
    }

    private static GitRemoteException hostKeyFailure(
            RecordingHostKeyVerifierFactory.RejectedHostKey rejectedHostKey, String repository) {
        String host = "the host " + rejectedHostKey.host() + ", whose key is " + rejectedHostKey.fingerprint() + ",";
        return rejectedHostKey.known()
                ? new GitRemoteException(
                        repository + " was not opened: " + host + " has another key in " + HOST_KEYS,
                        "Ask the owner of the host whether its key was changed: if not, someone is intercepting the"
                                + " connection. Then replace it under Manage Jenkins > Security > " + HOST_KEYS)
                : new GitRemoteException(
                        repository + " was not opened: " + host + " is not known",
                        "Compare the key with what the host publishes, then add it under Manage Jenkins > Security > "
                                + HOST_KEYS);
    }

    /**
     * Whether the credentials contain no key, or a key that their passphrase decrypts. Called only after a failure,
     * since decrypting a key is slow.
     */
    private boolean opensItsKey(String id) {
        try {
            if (lookUp(id) instanceof SSHUserPrivateKey key) {
                Secret passphrase = key.getPassphrase();
                String text = passphrase == null ? null : passphrase.getPlainText();
                String keys = String.join("\n", key.getPrivateKeys());
                Iterable<KeyPair> pairs = SecurityUtils.loadKeyPairIdentities(
                        null,
                        () -> "key",
                        new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8)),
                        (session, resource, attempt) -> attempt == 0 ? text : null);
                return pairs != null && pairs.iterator().hasNext();
            }
            return true;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to open the key of " + id);
            return false;
        }
    }

    private StandardCredentials lookUp(String id) throws IOException {
        List<DomainRequirement> where = GitURIRequirementsBuilder.fromUri(url).build();
        StandardCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                id, StandardCredentials.class, Jenkins.get(), ACL.SYSTEM2, where);
        if (found == null) {
            throw new IOException("There are no credentials " + id + " for " + url + " in the system's store");
        }
        trackUse(found);
        return found;
    }

    /** Tracks the use of the credentials only once in a while, since each call writes a file to the disk. */
    private void trackUse(StandardCredentials credentials) {
        long now = System.nanoTime();
        if (now - lastTracked.get() >= BETWEEN_TRACKS) {
            lastTracked.set(now);
            CredentialsProvider.track(Jenkins.get(), credentials);
        }
    }

    /**
     * The user in the URL, or a default: with a token, hosts accept any user name except where they require a specific
     * one.
     */
    private String tokenUser() {
        String usual =
                url.toLowerCase(Locale.ROOT).startsWith("https://bitbucket.org/") ? "x-token-auth" : "x-access-token";
        return RemoteUrl.httpUser(url).orElse(usual);
    }

    /** Configures SSH as the Git client plugin does: same host key verification, same algorithms. */
    private void configureSsh(SshTransport transport, @CheckForNull StandardCredentials credentials)
            throws IOException {
        if (credentials instanceof StringCredentials) {
            throw new IOException(
                    "Credentials " + credentialsId + " cannot be used for " + url + ": ssh takes a key or a password");
        }
        RecordingHostKeyVerifierFactory keys =
                new RecordingHostKeyVerifierFactory(GitHostKeyVerificationConfiguration.get()
                        .getSshHostKeyVerificationStrategy()
                        .getVerifier());
        hostKeys = keys;
        JGitAPIImpl client = newClient();
        if (credentials instanceof SSHUserPrivateKey || credentials instanceof StandardUsernamePasswordCredentials) {
            client.addDefaultCredentials(credentials);
        }
        transport.setSshSessionFactory(client.buildSshdSessionFactory(keys));
        transport.setCredentialsProvider(client.getProvider());
    }

    private static JGitAPIImpl newClient() throws IOException {
        try {
            File anyFolder = Jenkins.get().getRootDir();
            GitClient client = Git.with(TaskListener.NULL, new EnvVars())
                    .in(anyFolder)
                    .using(JGitTool.MAGIC_EXENAME)
                    .getClient();
            return (JGitAPIImpl) client;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while preparing ssh");
        }
    }
}
