package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AgentConfigReaderTest {
    private static final String LEAST =
            "name: dev\nrepository: {url: https://git.example.com/a.git}\napplications: apps\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void readsEverything() throws Exception {
        AgentConfig config = read("""
                name: dev
                jenkins:
                  url: https://jenkins.example.com/ci/
                  secretFile: report-secret
                repository:
                  url: https://git.example.com/a.git
                  branch: release
                  aliases: [git@git.example.com:a.git]
                  username: reader
                  passwordVariable: GIT_PASSWORD
                applications: clusters/dev/argocd-apps
                cluster: {kubeconfig: kubeconfig, context: dev}
                destinations: [https://10.0.0.1:6443]
                intervals: {git: 10s, pass: 500ms, heartbeat: 5s, gitGrace: 1m}
                cacheFolder: /var/cache/gitops
                replacedFieldManagers: [kubectl-client-side-apply, deployer]
                health: {address: 0.0.0.0, port: 8080}
                """);

        Path here = folder.getRoot().toPath();
        assertThat(
                config.jenkins().secret().toString(),
                is(here.resolve("report-secret").toString()));
        assertThat(config.repository().branch(), is("release"));
        assertThat(
                config.repository().urls(),
                containsInAnyOrder("https://git.example.com/a.git", "git@git.example.com:a.git"));
        assertThat(config.repository().password().toString(), is("$GIT_PASSWORD"));
        assertThat(config.cluster().kubeconfig(), is(here.resolve("kubeconfig")));
        assertThat(
                config.destinations(),
                containsInAnyOrder("https://kubernetes.default.svc", "in-cluster", "https://10.0.0.1:6443"));
        assertThat(config.intervals().pass(), is(Duration.ofMillis(500)));
        assertThat(config.intervals().gitGrace(), is(Duration.ofMinutes(1)));
        assertThat(config.cacheFolder(), is(Path.of("/var/cache/gitops")));
        assertThat(config.replacedFieldManagers().names(), containsInAnyOrder("kubectl-client-side-apply", "deployer"));
        assertThat(config.health(), is(new AgentConfig.HealthAddress("0.0.0.0", 8080)));
    }

    @Test
    public void missingFieldsGetDefaults() throws Exception {
        AgentConfig config = read(LEAST);

        assertThat(config.jenkins(), is(nullValue()));
        assertThat("the one of the repository's HEAD", config.repository().branch(), is(nullValue()));
        assertThat(config.cluster(), is(AgentConfig.ClusterAccess.OWN));
        assertThat(config.intervals(), is(AgentConfig.Intervals.DEFAULT));
        assertThat(config.health(), is(nullValue()));
        assertThat(config.replacedFieldManagers(), is(ReplacedManagers.DEFAULT));
    }

    @Test
    public void sshRepositoryHasAKeyAndKnownHosts() throws Exception {
        String ssh = LEAST.replace("a.git}", "a.git, privateKeyFile: key, knownHostsFile: /etc/hosts-of-git}")
                .replaceFirst("url: [^,}]*", "url: 'ssh://git@git.example.com/a.git'");
        AgentConfig.Repository repository = read(ssh).repository();
        assertThat(repository.sshKey().getFileName().toString(), is("key"));
        assertThat(repository.sshKey().isAbsolute(), is(true));
        assertThat(repository.knownHosts(), is(Path.of("/etc/hosts-of-git")));
        assertRefused(ssh.replace("privateKeyFile: key", "username: u"), "is part of its URL");
        assertRefused(LEAST.replace("a.git}", "a.git, privateKeyFile: key}"), "applies to an ssh repository only");
    }

    @Test
    public void rejectsBadValueNamingItsLocation() {
        assertRefused(LEAST + "heartbeat: 3s\n", "agent.yaml:4:1: \"heartbeat\" is not a key");
        assertRefused("name: dev\napplications: apps\n", "\"repository\" is missing");
        assertRefused(LEAST + "jenkins: {url: https://j.example.com}\n", "There is no report secret");
        assertRefused(
                LEAST + "jenkins: {url: https://j.example.com, secretFile: a, secretVariable: B}\n", "named twice");
        assertRefused(LEAST + "jenkins: {url: ftp://j.example.com, secretFile: a}\n", "not an http or https URL");
        assertRefused(LEAST + "jenkins: {url: 'https://u:p@j.example.com', secretFile: a}\n", "without a user");
        assertRefused(LEAST + "intervals: {git: often}\n", "agent.yaml:4:18: \"git\" is not a duration");
        assertRefused(LEAST + "health: {port: 70000}\n", "is not a port");
        assertRefused(LEAST.replace("a.git}", "a.git, username: u}"), "must be set together");
        assertRefused(
                LEAST + "jenkins: {url: https://j.example.com, secret: hunter2hunter2}\n", "\"secret\" is not a key");
        assertRefused("", "The file is empty");
        assertThrows(UserErrorException.class, () -> AgentConfigReader.read(Path.of("no such file")));
    }

    @Test
    public void secretsAreRereadAndNeverShown() throws Exception {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("secret"), "first\n");
        SecretSource source = SecretSource.file(file);
        assertThat(source.read(), is("first"));
        Files.writeString(file, "second");

        assertThat(source.read(), is("second"));
        assertThat(source.toString(), not(containsString("second")));
        Files.writeString(file, "\n");
        assertThrows(UserErrorException.class, source::read);
        assertThrows(UserErrorException.class, SecretSource.variable("GITOPS_NOT_SET")::read);
    }

    private AgentConfig read(String text) throws Exception {
        Path file = folder.getRoot().toPath().toRealPath().resolve("agent.yaml");
        return AgentConfigReader.read(Files.writeString(file, text));
    }

    private void assertRefused(String text, String message) {
        assertThat(assertThrows(UserErrorException.class, () -> read(text)).getMessage(), containsString(message));
    }
}
