package io.jenkins.plugins.gitops.agent.cli;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.ServedRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.git.remote.TlsGitServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Git's proxy and certificate settings, on a server whose certificate no JVM trusts by default. */
public class GitHttpRoutingTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private final Map<String, String> environment =
            new HashMap<>(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
    private TlsGitServer server;

    @Before
    public void startTls() throws Exception {
        server = new TlsGitServer(served.folder(), served.server().port());
    }

    @After
    public void stopTls() throws Exception {
        server.close();
    }

    @Test
    public void namedCertificatesAreTrusted() throws Exception {
        String url = server.url("config.git");
        assertThat(failure(url), startsWith("No trusted connection to " + url));
        Path pem = server.pem(served.folder());
        set("http.sslCAInfo", pem.toString());
        assertThat(fetch(url), is(served.tip()));
        set("http.sslCAInfo", pem + ".missing");
        assertThat(failure(url), containsString("the trusted certificates in " + pem + ".missing cannot be read"));
        environment.put("GIT_SSL_CAINFO", pem.toString());
        assertThat(fetch(url), is(served.tip()));
    }

    @Test
    public void proxyIsUsedWithItsPassword() throws Exception {
        environment.put("GIT_SSL_CAINFO", server.pem(served.folder()).toString());
        String password = URLEncoder.encode(TlsGitServer.PROXY_PASSWORD, StandardCharsets.UTF_8)
                .replace("+", "%20");
        set("http.proxy", "http://" + TlsGitServer.PROXY_USER + ":" + password + "@127.0.0.1:" + server.proxyPort());
        assertThat(fetch(server.hiddenUrl("config.git")), is(served.tip()));
        assertThat(server.connects(), is(not(empty())));
    }

    private void set(String key, String value) {
        environment.put("GIT_CONFIG_COUNT", "1");
        environment.put("GIT_CONFIG_KEY_0", key);
        environment.put("GIT_CONFIG_VALUE_0", value);
    }

    private String failure(String url) {
        return assertThrows(GitRemoteException.class, () -> fetch(url)).getMessage();
    }

    private String fetch(String url) throws Exception {
        GitUserConfig config = GitUserConfig.read(environment, served.folder());
        try (ConfigRepository repository =
                served.open(url, "main", access(PASSWORD), QUICK.withHttp(new GitHttpRouting(config, url)))) {
            return repository.fetch();
        }
    }
}
