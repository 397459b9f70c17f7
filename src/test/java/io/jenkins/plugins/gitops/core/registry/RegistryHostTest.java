package io.jenkins.plugins.gitops.core.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Which hosts are registries, and to which hosts they may refer for tokens. */
public class RegistryHostTest {
    @Test
    public void hostHasAUrl() throws Exception {
        Map<String, String> urls = Map.of(
                "ghcr.io", "https://ghcr.io",
                " GHCR.io ", "https://ghcr.io",
                "ghcr.io:443", "https://ghcr.io",
                "registry.example.com:5000", "https://registry.example.com:5000",
                "docker.io", "https://registry-1.docker.io",
                "index.docker.io", "https://registry-1.docker.io",
                "localhost", "http://localhost",
                "localhost:5000", "http://localhost:5000",
                "127.0.0.1:5000", "http://127.0.0.1:5000");
        for (Map.Entry<String, String> entry : urls.entrySet()) {
            assertThat(entry.getKey(), RegistryHost.of(entry.getKey()).url(), is(URI.create(entry.getValue())));
        }
    }

    @Test
    public void anythingElseIsRejected() {
        for (String text : List.of(
                "",
                "ghcr",
                "https://ghcr.io",
                "ghcr.io/org",
                "user@ghcr.io",
                "ghcr.io:",
                "ghcr.io:x",
                "ghcr..io",
                "-ghcr.io",
                "a b.io",
                "ghcr.io?x",
                "ghcr.io#x",
                "ghcr.io\\x",
                "a." + "b".repeat(300))) {
            UserErrorException refusal = assertThrows(text, UserErrorException.class, () -> RegistryHost.of(text));
            assertThat(refusal.getMessage(), containsString("is not a valid registry host"));
        }
    }

    @Test
    public void imagesBelongToTheHostThatTheyName() throws Exception {
        assertThat(RegistryHost.of("docker.io").has(NormalizedImage.of("nginx:1")), is(true));
        assertThat(RegistryHost.of("ghcr.io").has(NormalizedImage.of("ghcr.io/org/web:1")), is(true));
        assertThat(RegistryHost.of("ghcr.io").has(NormalizedImage.of("evil-ghcr.io/org/web:1")), is(false));
        assertThat(RegistryHost.of("ghcr.io").has(NormalizedImage.of("ghcr.io.evil.com/org/web:1")), is(false));
        assertThat(RegistryHost.of("ghcr.io").has(NormalizedImage.of("ghcr.io:8443/org/web:1")), is(false));
        assertThat(RegistryHost.of("ghcr.io").has(NormalizedImage.of("ghcr.io:1")), is(false));
    }

    private static boolean allows(String host, String tokenServer, String realm) throws Exception {
        return RegistryHost.of(host)
                .allowsTokenFrom(URI.create(realm), tokenServer == null ? null : RegistryHost.of(tokenServer));
    }

    @Test
    public void tokensComeFromTheRegistryOrItsDomain() throws Exception {
        assertThat(allows("ghcr.io", null, "https://ghcr.io/token"), is(true));
        assertThat(allows("ghcr.io", null, "HTTPS://GHCR.IO:443/token"), is(true));
        assertThat(allows("docker.io", null, "https://auth.docker.io/token"), is(true));
        assertThat(allows("registry.example.com:5000", null, "https://auth.example.com/token"), is(true));
        assertThat(allows("registry.gitlab.com", null, "https://gitlab.com/jwt/auth"), is(true));
        assertThat(allows("localhost:5000", null, "http://localhost:5000/token"), is(true));
    }

    @Test
    public void tokensComeFromNowhereElse() throws Exception {
        for (String realm : List.of(
                "http://ghcr.io/token",
                "https://quay.io/token",
                "https://io/token",
                "https://evil.com/token?ghcr.io",
                "https://user@ghcr.io/token",
                "https://ghcr.io:8443/token",
                "https://ghcr.io/token#x",
                "file:///etc/passwd",
                "mailto:ghcr.io",
                "/token")) {
            assertThat(realm, allows("ghcr.io", null, realm), is(false));
        }
        assertThat(allows("registry.example.com", null, "https://a.b.example.com/token"), is(false));
        assertThat(allows("registry.example.com", null, "https://auth.example.com:8443/token"), is(false));
        assertThat(allows("registry.example.com", null, "http://auth.example.com/token"), is(false));
        assertThat(allows("registry.example.com", null, "https://auth.example.com.evil.org/token"), is(false));
        assertThat(allows("10.0.0.5:5000", null, "https://1.0.0.5/token"), is(false));
        assertThat(allows("localhost:5000", null, "http://localhost:6000/token"), is(false));
        assertThat(allows("localhost:5000", null, "http://169.254.169.254/token"), is(false));
    }

    @Test
    public void administratorMayNameATokenServer() throws Exception {
        assertThat(allows("ghcr.io", "login.example.com", "https://login.example.com/token"), is(true));
        assertThat(allows("ghcr.io", "login.example.com:8443", "https://login.example.com:8443/token"), is(true));
        assertThat(allows("ghcr.io", "login.example.com", "http://login.example.com/token"), is(false));
        assertThat(allows("ghcr.io", "login.example.com", "https://other.example.com/token"), is(false));
    }
}
