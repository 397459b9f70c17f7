package io.jenkins.plugins.gitops.core.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.registry.ScriptedRegistry.Protection;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** The requests to a registry, and how its responses are handled. */
public class RegistryRepositoryTest {
    private static final String MANIFEST = "{\"schemaVersion\":2}";
    private static final RegistryLogin LOGIN = new RegistryLogin(ScriptedRegistry.USER, ScriptedRegistry.PASSWORD);

    @Rule
    public final ScriptedRegistry registry = new ScriptedRegistry();

    private final HttpClient http = RegistryRepository.configured(HttpClient.newBuilder());

    private RegistryRepository repository(String name, @CheckForNull RegistryLogin login, Duration timeout)
            throws Exception {
        RegistrySettings settings = new RegistrySettings(RegistryHost.of(registry.host()), null, login);
        return new RegistryRepository(http, settings, name, timeout);
    }

    private RegistryAnswer digest(String tag, @CheckForNull RegistryLogin login) throws Exception {
        return repository("org/web", login, Duration.ofSeconds(60)).digest(tag).get(90, TimeUnit.SECONDS);
    }

    @Test
    public void tagHasADigest() throws Exception {
        String digest = registry.push("org/web", "1", MANIFEST);

        assertThat(digest("1", null), is(RegistryAnswer.of(Set.of(digest))));
        assertThat(registry.requests(), contains("HEAD /v2/org/web/manifests/1"));
    }

    @Test
    public void digestIsComputedWhereTheRegistryDoesNotSayIt() throws Exception {
        String digest = registry.push("org/web", "1", MANIFEST);
        registry.omitDigestHeader();

        assertThat(digest("1", null), is(RegistryAnswer.of(Set.of(digest))));
        assertThat(registry.requests(), hasItem("GET /v2/org/web/manifests/1"));
    }

    @Test
    public void indexListsPlatforms() throws Exception {
        String amd64 = "sha256:" + "1".repeat(64);
        String arm64 = "sha256:" + "2".repeat(64);
        String index = registry.pushIndex("org/web", "1", List.of(amd64, arm64, "x"));
        RegistryRepository repository = repository("org/web", null, Duration.ofSeconds(60));

        assertThat(repository.platformDigests(index).get(), is(RegistryAnswer.of(Set.of(amd64, arm64))));
        String single = registry.push("org/web", "2", MANIFEST);
        assertThat(repository.platformDigests(single).get(), is(RegistryAnswer.of(Set.of())));
        String text = registry.push("org/web", "3", "<html>");
        assertThat(repository.platformDigests(text).get().problem(), is("the manifest is not JSON"));
    }

    @Test
    public void tokenIsRequestedForReadingThisRepositoryOnly() throws Exception {
        registry.protect(Protection.ANONYMOUS_TOKEN);
        String index = registry.pushIndex("org/web", "1", List.of());
        RegistryRepository repository = repository("org/web", null, Duration.ofSeconds(60));

        assertThat(repository.digest("1").get(), is(RegistryAnswer.of(Set.of(index))));
        assertThat(repository.platformDigests(index).get(), is(RegistryAnswer.of(Set.of())));

        assertThat(
                registry.requests(),
                contains(
                        "HEAD /v2/org/web/manifests/1",
                        "GET /token?service=the+registry&scope=repository%3Aorg%2Fweb%3Apull",
                        "HEAD /v2/org/web/manifests/1",
                        "GET /v2/org/web/manifests/" + index));
    }

    @Test
    public void credentialsAreSentForATokenOrToTheRegistry() throws Exception {
        String digest = registry.push("org/web", "1", MANIFEST);
        for (Protection protection : List.of(Protection.TOKEN, Protection.BASIC)) {
            registry.protect(protection);
            assertThat(digest("1", LOGIN), is(RegistryAnswer.of(Set.of(digest))));
            assertThat(digest("1", null).problem(), containsString("not grant access"));
            RegistryAnswer wrong = digest("1", new RegistryLogin(ScriptedRegistry.USER, "wrong-password"));
            assertThat(wrong.problem(), containsString("does not grant access (status 401)"));
            assertThat(wrong.toString(), not(containsString("wrong-password")));
        }
        assertThat(LOGIN.toString(), not(containsString(ScriptedRegistry.PASSWORD)));
    }

    @Test
    public void refusalsAreValues() throws Exception {
        assertThat(digest("1", null).problem(), is("the registry does not have this image (status 404)"));
        registry.answer(exchange -> exchange.sendResponseHeaders(429, -1));
        assertThat(digest("1", null).problem(), is("the registry limits requests (status 429)"));
        registry.answer(exchange -> exchange.sendResponseHeaders(503, -1));
        assertThat(digest("1", null).problem(), is("the registry cannot answer (status 503)"));
        registry.answer(exchange -> exchange.sendResponseHeaders(401, -1));
        assertThat(digest("1", LOGIN).problem(), containsString("not grant access"));
    }

    @Test
    public void redirectIsNotFollowed() throws Exception {
        registry.push("org/web", "2", MANIFEST);
        registry.answer(exchange -> {
            exchange.getResponseHeaders().set("Location", "http://" + registry.host() + "/v2/org/web/manifests/2");
            exchange.sendResponseHeaders(307, -1);
        });

        assertThat(digest("1", null).problem(), is("the registry redirects elsewhere (status 307)"));
        assertThat(registry.requests(), hasSize(1));
    }

    @Test
    public void tokenServerElsewhereGetsNoRequest() throws Exception {
        try (ScriptedRegistryResource other = new ScriptedRegistryResource()) {
            registry.answer(exchange -> {
                exchange.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://" + other.registry().host() + "/token\"");
                exchange.sendResponseHeaders(401, -1);
            });

            assertThat(digest("1", LOGIN).problem(), is("the registry names a token server that is not allowed"));
            assertThat(other.registry().requests(), is(empty()));
        }
    }

    /** A second registry. */
    private static final class ScriptedRegistryResource implements AutoCloseable {
        private final ScriptedRegistry registry = new ScriptedRegistry();

        ScriptedRegistryResource() throws Exception {
            registry.before();
        }

        ScriptedRegistry registry() {
            return registry;
        }

        @Override
        public void close() {
            registry.after();
        }
    }

    @Test
    public void hugeManifestIsAborted() throws Exception {
        String index = registry.push("org/web", "1", "[" + "0,".repeat(3 << 20) + "0]");
        RegistryRepository repository = repository("org/web", null, Duration.ofSeconds(60));

        assertThat(repository.platformDigests(index).get().problem(), startsWith("the response is larger than 4 MiB"));
    }

    @Test
    public void malformedTokensAndChallengesAreRejected() throws Exception {
        for (String body :
                List.of("", "[]", "{}", "{\"token\":\"a b\"}", "{\"token\":\"a\\r\\nX-Evil: 1\"}", "<html>")) {
            registry.answer(exchange -> {
                if (exchange.getRequestURI().getPath().equals("/token")) {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                } else {
                    exchange.getResponseHeaders()
                            .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\"");
                    exchange.sendResponseHeaders(401, -1);
                }
            });
            assertThat(body, digest("1", null).problem(), is("the token server sent no token"));
        }
        for (String challenge : List.of("Bearer", "Bearer realm=\"://\"", "Negotiate", "Bearer realm=x")) {
            registry.answer(exchange -> {
                exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
                exchange.sendResponseHeaders(401, -1);
            });
            assertThat(challenge, digest("1", LOGIN).problem(), startsWith("the registry "));
        }
    }

    @Test
    public void silentRegistryIsNotAwaitedForLong() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        registry.answer(exchange -> {
            try {
                // The headers are sent immediately, the body never.
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().flush();
                end.await(90, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String digest = "sha256:" + "1".repeat(64);
        RegistryRepository repository = repository("org/web", null, Duration.ofMillis(500));

        assertThat(repository.platformDigests(digest).get(60, TimeUnit.SECONDS).problem(), startsWith("no answer"));
        assertThat(repository.digest("1").get(60, TimeUnit.SECONDS).problem(), is("no answer in time"));
        end.countDown();
    }

    @Test
    public void nothingIsSentForNamesThatNoImageHas() throws Exception {
        for (String name :
                List.of("", "..", "org/../../admin", "org//web", "org/web?x", "Org/web", "/org", "org/%2e%2e")) {
            RegistryRepository repository = repository(name, null, Duration.ofSeconds(60));
            assertThat(name, repository.digest("1").get().problem(), containsString("cannot have such an image"));
        }
        RegistryRepository repository = repository("org/web", null, Duration.ofSeconds(60));
        for (String tag : List.of("", "..", "a/b", "-x", "a?b", "x".repeat(200))) {
            assertThat(tag, repository.digest(tag).get().problem(), containsString("cannot have such an image"));
            assertThat(tag, repository.platformDigests(tag).get().problem(), containsString("such an image"));
        }
        assertThat(registry.requests(), is(empty()));
    }
}
