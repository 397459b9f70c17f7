package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.core.git.SshGitServer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** An agent that reads its repository over SSH. */
public class AgentSshRepositoryTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private KeyPair key;
    private SshGitServer server;

    @Before
    public void serve() throws Exception {
        ExampleRepository.create(folder().resolve("served/config.git"));
        key = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        server = new SshGitServer(
                folder().resolve("served"), KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256), key.getPublic());
        try (OutputStream out = Files.newOutputStream(folder().resolve("key"))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "", null, out);
        }
    }

    @After
    public void stop() throws Exception {
        server.close();
    }

    @Test
    public void connectsWithConfiguredKeyAndKnownHosts() throws Exception {
        server.writeKnownHosts(folder().resolve("hosts"), server.hostKey());
        try (RepositorySource source = RepositorySource.open(config(), "agent-dev")) {
            assertThat(source.files(source.fetch()).list("").isEmpty(), is(false));
        }
    }

    @Test
    public void hostWithAnotherKeyIsNotConnectedTo() throws Exception {
        server.writeKnownHosts(folder().resolve("hosts"), key.getPublic());
        try (RepositorySource source = RepositorySource.open(config(), "agent-dev")) {
            UserErrorException refused = assertThrows(UserErrorException.class, source::fetch);
            assertThat(refused.getMessage(), containsString("has another key in " + folder().resolve("hosts")));
            assertThat(refused.getMessage(), containsString("(repository.knownHostsFile)"));
        }
    }

    private AgentConfig config() throws Exception {
        Path file = folder().resolve("agent.yaml");
        Files.writeString(
                file,
                "name: dev\napplications: apps\nrepository:\n  url: '" + server.url("config.git")
                        + "'\n  privateKeyFile: key\n  knownHostsFile: hosts\n");
        return AgentConfigReader.read(file);
    }

    private Path folder() {
        return temporary.getRoot().toPath();
    }
}
