package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

public class ConfigRepositoriesTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private GitHttpServer server;
    private RepositoryConfiguration repository;

    @Before
    public void serve() throws Exception {
        Path bare = folder.getRoot().toPath().resolve("platform.git");
        ExampleRepository.create(
                bare, Path.of(System.getProperty("gitops.root", "."), "docs", "examples", "config-repo"));
        server = GitHttpServer.start(folder.getRoot().toPath(), "x-access-token", "right", 0);
        repository = new RepositoryConfiguration("platform", server.url("platform.git"));
        repository.setCredentialsId("git-write");
        GitopsConfiguration.get().setRepositories(List.of(repository));
        SystemCredentialsProvider.getInstance().getCredentials().clear();
    }

    @After
    public void close() {
        GitopsConfiguration.get().setRepositories(null);
        server.close();
    }

    @Test
    public void idleCloneIsClosedAndReopened() throws Exception {
        store(password("right"));
        ConfigRepository clone = ConfigRepositories.get().open(repository);
        String tip = clone.fetch();
        ConfigRepositories.get().closeIdle(Instant.now().minusSeconds(60));
        assertThat(ConfigRepositories.get().open(repository), sameInstance(clone));

        ConfigRepositories.get().closeIdle(Instant.now().plusSeconds(60));
        assertThrows(GitRemoteException.class, clone::fetch);
        ConfigRepository again = ConfigRepositories.get().open(repository);
        assertThat("its files are still there", again.tip(), is(Optional.of(tip)));

        ConfigRepositories.get().deleteUnused(Instant.now().plusSeconds(60));
        assertThat("what is open stays", again.fetch(), is(tip));
        ConfigRepositories.get().closeIdle(Instant.now().plusSeconds(60));
        ConfigRepositories.get().deleteUnused(Instant.now().plusSeconds(60));
        assertThat(ConfigRepositories.get().open(repository).tip(), is(Optional.empty()));
    }

    @Test
    public void passwordIsLookedUpForEachConnection() throws Exception {
        store(password("wrong"));
        ConfigRepository clone = ConfigRepositories.get().open(repository);
        GitRemoteException refused = assertThrows(GitRemoteException.class, clone::fetch);
        assertThat(refused.getMessage(), not(containsString("wrong")));
        store(password("right"));
        assertThat(clone.fetch().length(), is(40));
        store(password("rotated away"));
        assertThrows(GitRemoteException.class, clone::fetch);
    }

    @Test
    public void tokenIsUsed() throws Exception {
        store(new StringCredentialsImpl(CredentialsScope.SYSTEM, "git-write", null, Secret.fromString("right")));
        assertThat(ConfigRepositories.get().open(repository).fetch().length(), is(40));
    }

    @Test
    public void useIsTracked() throws Exception {
        UsernamePasswordCredentialsImpl credentials = password("right");
        store(credentials);
        List<Credentials> used = j.jenkins.getExtensionList(Uses.class).get(0).used;
        used.clear();
        ConfigRepository clone = ConfigRepositories.get().open(repository);
        clone.fetch();
        clone.fetch();
        assertThat(used, contains(credentials));
    }

    @Test
    public void missingCredentialsAreNamed() throws Exception {
        GitRemoteException missing = assertThrows(
                GitRemoteException.class,
                () -> ConfigRepositories.get().open(repository).fetch());
        assertThat(missing.getMessage(), containsString("git-write"));
    }

    @Test
    public void sshKeyIsNotUsedForHttp() throws Exception {
        store(key());
        GitRemoteException wrong = assertThrows(
                GitRemoteException.class,
                () -> ConfigRepositories.get().open(repository).fetch());
        assertThat(wrong.getMessage(), containsString("user name with password"));
    }

    @Test
    public void userOfTheUrlIsSentWithAToken() throws Exception {
        store(new StringCredentialsImpl(CredentialsScope.SYSTEM, "git-write", null, Secret.fromString("right")));
        try (GitHttpServer other = GitHttpServer.start(folder.getRoot().toPath(), "ada", "right", 0)) {
            String url = other.url("platform.git");
            RepositoryConfiguration named = new RepositoryConfiguration("named", url.replace("http://", "http://ada@"));
            named.setCredentialsId("git-write");
            assertThat(ConfigRepositories.get().open(named).fetch().length(), is(40));
            RepositoryConfiguration unnamed = new RepositoryConfiguration("unnamed", url);
            unnamed.setCredentialsId("git-write");
            assertThrows(
                    GitRemoteException.class,
                    () -> ConfigRepositories.get().open(unnamed).fetch());
        }
    }

    @Test
    public void sshUsesTheGitClientsHostKeyVerification() throws Exception {
        store(key());
        try (Transport transport = ssh()) {
            new SystemGitCredentials("ssh://git@git.example.com/x.git", "git-write").configure(transport);
            assertThat(((SshTransport) transport).getSshSessionFactory(), instanceOf(SshdSessionFactory.class));
        }
        store(new StringCredentialsImpl(CredentialsScope.SYSTEM, "git-write", null, Secret.fromString("right")));
        try (Transport transport = ssh()) {
            SystemGitCredentials access = new SystemGitCredentials("ssh://git@git.example.com/x.git", "git-write");
            IOException wrong = assertThrows(IOException.class, () -> access.configure(transport));
            assertThat(wrong.getMessage(), containsString("ssh takes a key"));
        }
    }

    @Test
    public void cloneIsSharedUntilItsConfigurationChanges() throws Exception {
        store(password("right"));
        ConfigRepository first = ConfigRepositories.get().open(repository);
        first.fetch();
        assertThat(ConfigRepositories.get().open(repository), is(sameInstance(first)));
        RepositoryConfiguration renamed = new RepositoryConfiguration("other-name", repository.getUrl());
        renamed.setCredentialsId("git-write");
        GitopsConfiguration.get().setRepositories(List.of(renamed));
        assertThat(ConfigRepositories.get().open(renamed), is(sameInstance(first)));

        RepositoryConfiguration other = new RepositoryConfiguration("platform", repository.getUrl());
        other.setCredentialsId("other");
        GitopsConfiguration.get().setRepositories(List.of(other));
        assertThat(ConfigRepositories.get().open(other), is(not(sameInstance(first))));
        GitopsConfiguration.get().setRepositories(List.of(repository));
        ConfigRepository again = ConfigRepositories.get().open(repository);
        assertThat(again, is(not(sameInstance(first))));
        assertThat(again.tip().isPresent(), is(true));
    }

    @Test
    public void urlThatIsNotAllowedIsNotOpened() {
        RepositoryConfiguration local = new RepositoryConfiguration("local", "file:///etc");
        assertThrows(UserErrorException.class, () -> ConfigRepositories.get().open(local));
    }

    @Test
    public void poolRunsAsTheSystemOnDaemonThreads() throws Exception {
        String seen = ConfigRepositories.get()
                .pool()
                .submit(() -> Thread.currentThread().isDaemon() + " "
                        + Thread.currentThread().getName().startsWith("GitOps") + " "
                        + jenkins.model.Jenkins.getAuthentication2().getName())
                .get(10, TimeUnit.SECONDS);
        assertThat(seen, is("true true SYSTEM"));
    }

    @TestExtension
    public static final class Uses implements CredentialsUseListener {
        private final List<Credentials> used = new CopyOnWriteArrayList<>();

        @Override
        public void onUse(Credentials credentials, Run run) {
            throw new AssertionError("no build uses them");
        }

        @Override
        public void onUse(Credentials credentials, Node node) {
            used.add(credentials);
        }

        @Override
        public void onUse(Credentials credentials, Item item) {
            throw new AssertionError("no job uses them");
        }
    }

    private static Transport ssh() throws Exception {
        return Transport.open(
                new InMemoryRepository(new DfsRepositoryDescription("x")),
                new URIish("ssh://git@git.example.com/x.git"));
    }

    private static UsernamePasswordCredentialsImpl password(String password) throws Exception {
        return new UsernamePasswordCredentialsImpl(
                CredentialsScope.SYSTEM, "git-write", null, "x-access-token", password);
    }

    private static BasicSSHUserPrivateKey key() {
        return new BasicSSHUserPrivateKey(
                CredentialsScope.SYSTEM,
                "git-write",
                "git",
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource("not a key"),
                null,
                null);
    }

    private static void store(Credentials credentials) throws Exception {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials().clear();
        provider.getCredentials().add(credentials);
        provider.save();
    }
}
