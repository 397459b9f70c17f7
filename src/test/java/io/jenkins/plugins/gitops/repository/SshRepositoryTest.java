package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.SetImagePlanner;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.SshGitServer;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.jenkinsci.plugins.gitclient.GitHostKeyVerificationConfiguration;
import org.jenkinsci.plugins.gitclient.verifier.ManuallyProvidedKeyVerificationStrategy;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** A config repository on a real SSH server, with a key and the host key strategy of Jenkins. */
public class SshRepositoryTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final KeyPair key = newKey();
    private SshGitServer server;
    private RepositoryConfiguration repository;

    @Before
    public void serve() throws Exception {
        ExampleRepository.create(folder.getRoot().toPath().resolve("config.git"));
        server = new SshGitServer(folder.getRoot().toPath(), newKey(), key.getPublic());
        repository = new RepositoryConfiguration("platform", server.url("config.git"));
        repository.setCredentialsId("git-write");
        GitopsConfiguration.get().setRepositories(List.of(repository));
        trust(server.knownHost(server.hostKey()));
    }

    @After
    public void stop() throws Exception {
        GitopsConfiguration.get().setRepositories(List.of());
        server.close();
    }

    @Test
    public void storedKeyAllowsWriting() throws Exception {
        store(key);
        ConfigRepository clone = ConfigRepositories.get().open(repository);
        clone.fetch();
        ChangeMetadata changeMetadata = new ChangeMetadata("job#1/3@lx0", null, "alice", null);
        ChangeResult result = clone.submit(new Change(
                        changeMetadata.operationId(),
                        new Author("alice", "alice@example.com"),
                        new SetImagePlanner(
                                "payments-api", "dev", new ImageRequest(null, "sha-1", null), changeMetadata)))
                .get(1, TimeUnit.MINUTES);
        assertThat(result.changed(), is(true));
        assertThat(clone.fetch(), is(result.revision()));
    }

    @Test
    public void hostWithAnotherKnownKeyIsRejected() throws Exception {
        store(key);
        trust(server.knownHost(newKey().getPublic()));
        GitRemoteException refused = assertThrows(
                GitRemoteException.class,
                () -> ConfigRepositories.get().open(repository).fetch());
        assertThat(refused.getMessage(), containsString(server.url("config.git")));
        assertThat(refused.getMessage(), containsString("has another key in Git Host Key Verification Configuration"));
        assertThat(refused.getMessage(), containsString(KeyUtils.getFingerPrint(server.hostKey())));
    }

    @Test
    public void hostWithoutKnownKeyIsRejectedNamingTheSetting() throws Exception {
        store(key);
        trust("");
        GitRemoteException refused = assertThrows(
                GitRemoteException.class,
                () -> ConfigRepositories.get().open(repository).fetch());
        assertThat(refused.getMessage(), containsString("whose key is " + KeyUtils.getFingerPrint(server.hostKey())));
        assertThat(refused.getMessage(), containsString("is not known. Compare the key"));
        assertThat(refused.getMessage(), containsString("Git Host Key Verification Configuration"));
    }

    @Test
    public void wrongPassphraseIsReported() throws Exception {
        store(key, "right", "wrong");
        GitRemoteException refused = assertThrows(
                GitRemoteException.class,
                () -> ConfigRepositories.get().open(repository).fetch());
        assertThat(refused.getMessage(), containsString("the passphrase of credentials git-write does not open"));
        assertThat(refused.getMessage(), not(containsString("wrong")));
    }

    @Test
    public void anotherKeyIsRejectedAndNotShown() throws Exception {
        store(newKey());
        GitRemoteException refused = assertThrows(
                GitRemoteException.class,
                () -> ConfigRepositories.get().open(repository).fetch());
        assertThat(refused.getMessage(), containsString(server.url("config.git")));
        assertThat(refused.getMessage(), not(containsString("PRIVATE KEY")));
    }

    private static KeyPair newKey() {
        try {
            return KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void trust(String knownHosts) {
        GitHostKeyVerificationConfiguration.get()
                .setSshHostKeyVerificationStrategy(new ManuallyProvidedKeyVerificationStrategy(knownHosts));
    }

    private static void store(KeyPair pair) throws Exception {
        store(pair, null, null);
    }

    private static void store(KeyPair pair, String passphrase, String given) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenSSHKeyEncryptionContext encryption = null;
        if (passphrase != null) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setPassword(passphrase);
            encryption.setCipherType("256");
        }
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", encryption, text);
        List<Credentials> store = SystemCredentialsProvider.getInstance().getCredentials();
        store.clear();
        store.add(new BasicSSHUserPrivateKey(
                CredentialsScope.SYSTEM,
                "git-write",
                "git",
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(text.toString(StandardCharsets.UTF_8)),
                given,
                null));
    }
}
