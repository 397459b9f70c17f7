package io.jenkins.plugins.gitops.status.argocd;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.config.ArgoCdServerConfiguration;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdClient;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** Which certificates a connection trusts, and which proxy it uses. */
public class ArgoCdConnectionTest {
    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    private static final String PASSWORD = "changeit";
    private static final String ANSWER = "{\"items\":null}";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Before
    public void credentials() throws Exception {
        ArgoCdPlayback.token("argocd", FakeArgoCd.TOKEN);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Returns the client that Jenkins uses for a server with this URL. */
    private static ArgoCdClient client(String url) {
        return new ConfiguredArgoCdServer(
                        new ArgoCdServerConfiguration("argo", url, "argocd", "shop"), InstantSource.system())
                .client();
    }

    private static String list(ArgoCdClient client) throws Exception {
        return new String(client.list("/api/v1/applications").get(20, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    }

    /** As configured by an administrator who makes the JVM trust a private certificate authority. */
    @Test
    public void privateAuthorityIsTrustedWhenTheJvmDoes() throws Exception {
        KeyStore keys = selfSigned();
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.createContext("/", this::answer);
        server.start();
        SSLContext before = SSLContext.getDefault();
        try {
            String url = "https://127.0.0.1:" + server.getAddress().getPort();
            Exception refused = assertThrows(ExecutionException.class, () -> list(client(url)));
            assertThat(
                    ArgoCdException.of(refused).getMessage(),
                    is("no trusted TLS connection; the JVM must trust the server's certificate authority"));
            assertThat("the token stays here", asked, is(empty()));

            SSLContext.setDefault(context(keys));
            assertThat(list(client(url)), is(ANSWER));
            assertThat(asked, contains("/api/v1/applications Bearer " + FakeArgoCd.TOKEN));
        } finally {
            SSLContext.setDefault(before);
            server.stop(0);
        }
    }

    @Test
    public void proxyOfJenkinsIsUsedFromTheNextRequestOn() throws Exception {
        HttpServer proxy = HttpServer.create(anyPort(), 0);
        proxy.createContext("/", this::answer);
        proxy.start();
        ArgoCdClient client = client("http://argocd.example.invalid");
        try {
            assertThrows(ExecutionException.class, () -> list(client));
            J.jenkins.setProxy(
                    new ProxyConfiguration("127.0.0.1", proxy.getAddress().getPort()));
            assertThat(list(client), is(ANSWER));
            assertThat(asked, contains("http://argocd.example.invalid/api/v1/applications Bearer " + FakeArgoCd.TOKEN));
        } finally {
            J.jenkins.setProxy(null);
            proxy.stop(0);
        }
    }

    private KeyStore selfSigned() throws Exception {
        File file = new File(folder.getRoot(), "keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-alias",
                        "argocd",
                        "-dname",
                        "CN=argocd",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.getPath())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said, keytool.waitFor(), is(0));
        return KeyStore.getInstance(file, PASSWORD.toCharArray());
    }

    private static SSLContext context(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        KeyStore others = KeyStore.getInstance(KeyStore.getDefaultType());
        others.load(null, null);
        others.setCertificateEntry("argocd", keys.getCertificate("argocd"));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(others);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }
}
