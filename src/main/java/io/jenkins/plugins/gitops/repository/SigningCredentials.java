package io.jenkins.plugins.gitops.repository;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.CommitConfiguration;
import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;
import io.jenkins.plugins.gitops.core.git.signing.OpenPgpCommitSigner;
import io.jenkins.plugins.gitops.core.git.signing.SshCommitSigner;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Signing keys for commits from the system credentials; looked up for each commit, so that a rotated key takes effect
 * at once.
 */
@Restricted(NoExternalUse.class)
public final class SigningCredentials {
    /** An exported key with its certifications takes a few KiB, but the file of the credentials may have any size. */
    private static final int MAX_KEY_BYTES = 1 << 20;

    private SigningCredentials() {}

    /**
     * The signer for the configured key; null when commits are not signed.
     *
     * @throws UserErrorException when the credentials are missing, or are not a key that can sign
     */
    @CheckForNull
    public static CommitSigner signer(CommitConfiguration commits) throws UserErrorException {
        String id = commits.getSigningCredentialsId();
        if (id == null) {
            return null;
        }
        StandardCredentials key = find(id);
        String name = "credentials " + id;
        if (key instanceof SSHUserPrivateKey ssh) {
            Secret passphrase = ssh.getPassphrase();
            return SshCommitSigner.of(
                    String.join("\n", ssh.getPrivateKeys()),
                    passphrase == null ? null : passphrase.getPlainText(),
                    name);
        }
        String passphraseId = commits.getPassphraseCredentialsId();
        return OpenPgpCommitSigner.of(text(key), passphraseId == null ? null : text(find(passphraseId)), name);
    }

    private static StandardCredentials find(String id) throws UserErrorException {
        StandardCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                id, StandardCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        if (found == null) {
            throw new UserErrorException(
                    "Commits cannot be signed: there are no credentials " + id + " in the system's store",
                    "Add them, or select others under Commit rules of the config repository");
        }
        CredentialsProvider.track(Jenkins.get(), found);
        return found;
    }

    private static String text(StandardCredentials credentials) throws UserErrorException {
        if (credentials instanceof StringCredentials text) {
            return text.getSecret().getPlainText();
        }
        if (credentials instanceof FileCredentials file) {
            try (InputStream in = file.getContent()) {
                return new String(in.readNBytes(MAX_KEY_BYTES), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw unusable(credentials).causedBy(e);
            }
        }
        throw unusable(credentials);
    }

    private static UserErrorException unusable(StandardCredentials credentials) {
        return new UserErrorException(
                "Commits cannot be signed: credentials " + credentials.getId()
                        + " are neither an SSH key nor a secret file or text",
                "Select others under Commit rules of the config repository");
    }
}
