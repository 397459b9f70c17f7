package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import java.io.File;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.jenkinsci.plugins.gitclient.verifier.AbstractCliGitHostKeyVerifier;
import org.jenkinsci.plugins.gitclient.verifier.AbstractJGitHostKeyVerifier;
import org.jenkinsci.plugins.gitclient.verifier.HostKeyVerifierFactory;

/**
 * Delegates to Jenkins' strategy for SSH host keys, and records why it rejected a key, since the SSH library does not
 * report it.
 */
final class RecordingHostKeyVerifierFactory extends HostKeyVerifierFactory {
    private static final long serialVersionUID = 1L;

    private final HostKeyVerifierFactory strategy;
    private final AtomicReference<RejectedHostKey> refused = new AtomicReference<>();

    /**
     * A host whose key was rejected.
     *
     * @param host with its port
     * @param fingerprint of the key that it presented
     * @param known whether another key of the host is trusted
     */
    record RejectedHostKey(String host, String fingerprint, boolean known) implements Serializable {}

    RecordingHostKeyVerifierFactory(HostKeyVerifierFactory strategy) {
        this.strategy = strategy;
    }

    /** The last rejected key; null when all keys were accepted. */
    @CheckForNull
    RejectedHostKey refusal() {
        return refused.get();
    }

    @Override
    public AbstractCliGitHostKeyVerifier forCliGit(TaskListener listener) {
        return strategy.forCliGit(listener);
    }

    @Override
    public File getKnownHostsFile() {
        return strategy.getKnownHostsFile();
    }

    @Override
    public AbstractJGitHostKeyVerifier forJGit(TaskListener listener) {
        return new Verifier(listener, this);
    }

    private static final class Verifier extends AbstractJGitHostKeyVerifier {
        private static final long serialVersionUID = 1L;

        private final RecordingHostKeyVerifierFactory keys;

        Verifier(TaskListener listener, RecordingHostKeyVerifierFactory keys) {
            super(listener, keys);
            this.keys = keys;
        }

        @Override
        protected ServerKeyDatabase.Configuration getServerKeyDatabaseConfiguration() {
            return new Strict(keys);
        }

        /** Required by the interface, but not used: the strategy's own database has its own configuration. */
        private static final class Strict extends DefaultConfiguration {
            Strict(HostKeyVerifierFactory keys) {
                super(keys, () -> ServerKeyDatabase.Configuration.StrictHostKeyChecking.REQUIRE_MATCH);
            }
        }

        @Override
        public ServerKeyDatabase getServerKeyDatabase() {
            return new Database(keys.strategy.forJGit(getTaskListener()).getServerKeyDatabase(), keys.refused);
        }
    }

    private record Database(ServerKeyDatabase keys, AtomicReference<RejectedHostKey> refused)
            implements ServerKeyDatabase {
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
            boolean accepted = isAccepted(connect, remote, key, configuration, provider);
            if (!accepted) {
                boolean known = !lookup(connect, remote, configuration).isEmpty();
                refused.set(new RejectedHostKey(connect, KeyUtils.getFingerPrint(key), known));
            }
            return accepted;
        }

        /**
         * For a changed key, the database wants to show a warning to the user, and throws an exception since there is
         * none.
         */
        private boolean isAccepted(
                String connect,
                InetSocketAddress remote,
                PublicKey key,
                Configuration configuration,
                CredentialsProvider provider) {
            try {
                return keys.accept(connect, remote, key, configuration, provider);
            } catch (UnsupportedCredentialItem e) {
                return false;
            }
        }
    }
}
