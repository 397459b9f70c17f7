package io.jenkins.plugins.gitops.core.git.remote;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.ServedRepository;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class HttpRoutingTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private TlsGitServer server;
    private SSLSocketFactory trusting;

    @Before
    public void startTls() throws Exception {
        server = new TlsGitServer(served.folder(), served.server().port());
        trusting = server.trusting();
    }

    @After
    public void stopTls() throws Exception {
        server.close();
    }

    @Test
    public void writesThroughAProxyThatAsksForAPassword() throws Exception {
        HttpProxy proxy = proxy(TlsGitServer.PROXY_PASSWORD);
        // Without the proxy, the server at this port does not use TLS.
        String url = server.hiddenUrl("config.git");
        try (ConfigRepository repository = open(url, proxy)) {
            repository.fetch();
            assertThat(
                    ServedRepository.result(repository, ServedRepository.write("op", "file", "content"))
                            .revision(),
                    is(served.tip()));
        }
        assertThat(server.connects(), is(not(empty())));
        String host = "localhost:" + served.server().port();
        assertThat(server.connects(), everyItem(is("CONNECT " + host + " HTTP/1.1")));
    }

    @Test
    public void proxyThatRejectsThePasswordIsNamedWithoutIt() throws Exception {
        String url = server.hiddenUrl("config.git");
        try (ConfigRepository repository = open(url, proxy("s3cret"))) {
            GitRemoteException e = assertThrows(GitRemoteException.class, repository::fetch);
            assertThat(
                    e.getMessage(),
                    is(url + " cannot be reached: the proxy 127.0.0.1:" + server.proxyPort()
                            + " does not accept its user name and password. Correct the user name and password of the"
                            + " proxy."));
            assertThat(e.isTemporary(), is(false));
        }
    }

    @Test
    public void proxyThatIsDownIsNamedAndTriedAgain() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String url = server.hiddenUrl("config.git");
        try (ConfigRepository repository = open(url, new HttpProxy("127.0.0.1", free, null, null))) {
            GitRemoteException e = assertThrows(GitRemoteException.class, repository::fetch);
            assertThat(
                    e.getMessage(),
                    startsWith(url + " cannot be reached: the proxy 127.0.0.1:" + free + " cannot be reached: "));
            assertThat(e.isTemporary(), is(true));
        }
    }

    @Test
    public void hostWithoutProxyIsReachedDirectlyAndOnlyWithATrustedCertificate() throws Exception {
        String url = server.url("config.git");
        try (ConfigRepository repository = open(url, null)) {
            assertThat(repository.fetch(), is(served.tip()));
        }
        assertThat(server.connects(), is(empty()));
        try (ConfigRepository repository = served.open(url, "main", access(PASSWORD), QUICK)) {
            assertThat(
                    assertThrows(GitRemoteException.class, repository::fetch).getMessage(),
                    startsWith("No trusted connection to " + url + " could be established"));
        }
    }

    @Test
    public void userOfTheUrlNeedsNoOtherPlace() throws Exception {
        String url = server.url("config.git").replace("https://", "https://somebody@");
        assertThat(RemoteUrl.httpUser(url).orElse(""), is("somebody"));
        try (ConfigRepository repository = open(url, null)) {
            assertThat(repository.fetch(), is(served.tip()));
            assertThat(repository.url(), is(url));
        }
    }

    private HttpProxy proxy(String password) {
        return new HttpProxy("127.0.0.1", server.proxyPort(), TlsGitServer.PROXY_USER, password);
    }

    private ConfigRepository open(String url, @CheckForNull HttpProxy proxy) throws Exception {
        return served.open(url, "main", access(PASSWORD), QUICK.withHttp(new HttpRouting() {
            @Override
            public HttpProxy proxyFor(String host) {
                return proxy;
            }

            @Override
            public SSLSocketFactory sockets() {
                return trusting;
            }
        }));
    }
}
