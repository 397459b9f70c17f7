package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.increment;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.git.objects.PendingObjects;
import io.jenkins.plugins.gitops.core.git.remote.IsolatedRepository;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.HttpTransport;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Git settings of the machine's user, or of other code in the JVM, must not affect this program. */
public class IsolationTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private final SystemReader system = SystemReader.getInstance();
    private final HttpConnectionFactory connections = HttpTransport.getConnectionFactory();
    private final CredentialsProvider credentials = CredentialsProvider.getDefault();

    @Before
    public void writeHostileMachineConfiguration() throws Exception {
        Path hooks = served.folder().resolve("hooks");
        Files.createDirectories(hooks);
        Path hook = Files.writeString(hooks.resolve("pre-push"), "#!/bin/sh\nexit 1\n");
        hook.toFile().setExecutable(true);
        String settings = "[core]\n\thooksPath = " + hooks + "\n"
                + "[http]\n\tproxy = http://127.0.0.1:1\n\textraHeader = Authorization: Basic bm9ib2R5Om5vbmU=\n"
                + "[url \"http://127.0.0.1:1/\"]\n\tinsteadOf = http://\n\tpushInsteadOf = http://\n"
                + "[commit]\n\tgpgSign = true\n[init]\n\tdefaultBranch = trunk\n[core]\n\tautocrlf = true\n"
                + "[user]\n\tname = Somebody\n\temail = somebody@example.com\n";
        Path file = Files.writeString(served.folder().resolve("gitconfig"), settings);
        SystemReader.setInstance(new SystemReader.Delegate(system) {
            @Override
            public FileBasedConfig openUserConfig(Config parent, FS fs) {
                return new FileBasedConfig(parent, file.toFile(), fs);
            }
        });
        HttpTransport.setConnectionFactory(new HttpConnectionFactory() {
            @Override
            public HttpConnection create(URL url) throws IOException {
                throw new IOException("not mine");
            }

            @Override
            public HttpConnection create(URL url, Proxy proxy) throws IOException {
                throw new IOException("not mine");
            }
        });
        CredentialsProvider.setDefault(new UsernamePasswordCredentialsProvider("nobody", "none"));
    }

    @After
    public void restoreMachineConfiguration() {
        SystemReader.setInstance(system);
        HttpTransport.setConnectionFactory(connections);
        CredentialsProvider.setDefault(credentials);
    }

    @Test
    public void systemAndUserGitConfigurationIsIgnored() throws Exception {
        assertThat("it is in force", userName(), is("Somebody"));
        ConfigRepository repository = served.open();
        repository.fetch();
        ChangeResult result = result(repository, increment("op", "count"));
        assertThat(result.revision(), is(served.tip()));
        assertThat(served.commits().get(0).authorName(), is("Ada Lovelace"));
        repository.close();
        assertThat(served.open().fetch(), is(result.revision()));
    }

    @Test
    public void connectionsUseOnlyTheClonesOwnSettings() throws Exception {
        Path place = served.folder().resolve("clone.git");
        try (IsolatedRepository clone = IsolatedRepository.create(place, "refs/heads/main")) {
            for (Repository seen : List.of(clone, clone.with(new PendingObjects()))) {
                assertThat(seen.getConfig().getString("http", null, "proxy"), is(nullValue()));
                assertThat(seen.getConfig().getString("core", null, "hooksPath"), is(nullValue()));
                assertThat(seen.getConfig().getString("http", null, "followRedirects"), is("false"));
                assertThat(seen.getConfig().getSubsections("url"), is(empty()));
            }
            assertThat(
                    "the library would show them",
                    clone.files().getConfig().getString("http", null, "proxy"),
                    is("http://127.0.0.1:1"));
        }
    }

    private static String userName() throws ConfigInvalidException, IOException {
        return SystemReader.getInstance().getUserConfig().getString("user", null, "name");
    }
}
