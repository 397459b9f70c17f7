package io.jenkins.plugins.gitops.core.git.remote;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.FaultyProxy;
import io.jenkins.plugins.gitops.core.git.ServedRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.Rule;
import org.junit.Test;

/** The host's own message about a rejection is shown, and nothing else. */
public class GitHostMessagesTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void rejectedPushMessageIsSanitizedAndBounded() throws Exception {
        refuse("\u001b[31mGitea: Not allowed to push to protected branch main\u001b[0m\n\u202e" + "x".repeat(2000));
        String message = writeFails(served.open()).getMessage();
        assertThat(
                message,
                startsWith(served.url() + " rejected the push to branch \"main\": pre-receive hook declined. The host"
                        + " says: [31mGitea: Not allowed to push to protected branch main [0m xxx"));
        assertThat(message.length(), lessThan(900));
        assertThat(message.chars().noneMatch(c -> c < ' ' || c == 0x202e), is(true));
    }

    /** As sent by a real Gitea 1.26. */
    @Test
    public void remotePrefixOfEachLineIsRemoved() throws Exception {
        refuse("error: \nerror: error: Not allowed to push to protected branch main\nerror: \n");
        assertThat(
                writeFails(served.open()).getMessage(),
                is(served.url() + " rejected the push to branch \"main\": pre-receive hook declined. The host says: Not"
                        + " allowed to push to protected branch main. Nothing was written, and the push is not"
                        + " retried. Allow the user of these credentials to push to the branch."));
    }

    @Test
    public void rejectedPushIsNotRetried() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        AtomicInteger pushes = new AtomicInteger();
        AtomicInteger requests = new AtomicInteger();
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                requests.incrementAndGet();
                return Fault.NONE;
            }

            @Override
            public void beforePush(String name, List<ReceiveCommand> commands) {
                pushes.incrementAndGet();
                commands.get(0).setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "hook declined");
            }
        });
        GitRemoteException failure = writeFails(repository);
        assertThat(failure.isTemporary(), is(false));
        assertThat(pushes.get(), is(1));
        assertThat(requests.get(), lessThan(11));
    }

    @Test
    public void forbiddenPushIsNotRetried() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        AtomicInteger requests = new AtomicInteger();
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                requests.incrementAndGet();
                return Fault.answer(403);
            }
        });
        assertThat(writeFails(repository).isTemporary(), is(false));
        assertThat(requests.get(), is(1));
    }

    @Test
    public void unpackFailureIsARejection() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(served.server().port());
                ConfigRepository repository = ConfigRepository.open(
                        served.cache(),
                        proxy.url("config.git"),
                        "main",
                        "test",
                        access(PASSWORD),
                        served.writers(),
                        QUICK)) {
            repository.fetch();
            AtomicInteger pushes = new AtomicInteger();
            proxy.setFaults(line -> {
                boolean push = line.startsWith("POST /config.git/git-receive-pack");
                return push && pushes.incrementAndGet() > 0
                        ? FaultyProxy.ProxyFault.UNPACK_ERROR
                        : FaultyProxy.ProxyFault.NONE;
            });
            GitRemoteException failure = writeFails(repository);
            assertThat(
                    failure.getMessage(),
                    startsWith(
                            repository.url() + " rejected the push to branch \"main\": error occurred during unpacking"
                                    + " on the remote end: index-pack failed. The host says: disk full."
                                    + " Nothing was written"));
            assertThat(failure.isTemporary(), is(false));
            assertThat(pushes.get(), is(1));
        }
    }

    @Test
    public void redirectIsNamedAndGetsNoSecret() throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        HttpServer elsewhere = answering(200, Map.of(), "", arrived);
        String target = "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/new/name.git";
        for (int status : List.of(301, 302, 303, 307, 308)) {
            String location = target.replace("//", "//user:t0ken@") + "/info/refs?service=git-upload-pack&token=t0ken";
            HttpServer host = answering(status, Map.of("Location", location), "", new AtomicInteger());
            String url = "http://127.0.0.1:" + host.getAddress().getPort() + "/config.git";
            try (ConfigRepository repository = served.open(url, "main", access(PASSWORD), QUICK)) {
                assertThat(
                        assertThrows(GitRemoteException.class, repository::fetch)
                                .getMessage(),
                        is(url + " answers with a redirect (HTTP status " + status + ") to " + target
                                + ", which is not followed. Give that URL if you trust it."));
            }
            host.stop(0);
        }
        elsewhere.stop(0);
        assertThat(arrived.get(), is(0));
    }

    @Test
    public void repositoriesOfOtherKindsAreRejectedByName() throws Exception {
        Files.writeString(served.bare().resolve("shallow"), served.tip() + "\n");
        String path = served.bare().toString();
        assertThat(
                fetchFails(path),
                is(path + " is a shallow repository: it lacks a part of its history. Fetch the whole history there (git"
                        + " fetch --unshallow), or name a complete repository."));
        Files.delete(served.bare().resolve("shallow"));
        Files.writeString(
                served.bare().resolve("config"), "[extensions]\n\tobjectFormat = sha256\n", StandardOpenOption.APPEND);
        String sha256 = " is a repository of SHA-256 objects, which this version cannot read. Use a repository of SHA-1"
                + " objects, which is Git's default.";
        assertThat(fetchFails(path), is(path + sha256));
        String refs = "001e# service=git-upload-pack\n0000000eversion 2\n0019object-format=sha256\n0000";
        HttpServer host = answering(
                200, Map.of("Content-Type", "application/x-git-upload-pack-advertisement"), refs, new AtomicInteger());
        String url = "http://127.0.0.1:" + host.getAddress().getPort() + "/config.git";
        assertThat(fetchFails(url), is(url + sha256));
        host.stop(0);
    }

    private String fetchFails(String url) throws Exception {
        try (ConfigRepository repository = served.open(url, "main", GitCredentials.ANONYMOUS, QUICK)) {
            return assertThrows(GitRemoteException.class, repository::fetch).getMessage();
        }
    }

    @Test
    public void htmlPageIsNotShown() {
        assertThat(StatusRecordingConnectionFactory.plainText("text/html; charset=utf-8", "Sign in"), is(""));
        assertThat(StatusRecordingConnectionFactory.plainText("text/plain", " <html>Sign in</html>"), is(""));
        assertThat(
                StatusRecordingConnectionFactory.plainText(
                        "text/plain", "remote: This repo is archived.\nremote: Ask its owner.\n"),
                is("This repo is archived. Ask its owner."));
        assertThat(
                StatusRecordingConnectionFactory.plainText("text/plain", "a\u0000b\u001b")
                        .length(),
                is(3));
    }

    @Test
    public void urlsAreReadFromHostMessages() throws Exception {
        URL asked = new URL("https://git.example.com/old/name.git/info/refs?service=git-upload-pack");
        assertThat(
                StatusRecordingConnectionFactory.location(asked, "/new/name.git/info/refs?service=git-upload-pack"),
                is("https://git.example.com/new/name.git"));
        assertThat(
                StatusRecordingConnectionFactory.location(asked, "https://b.example.com/x"),
                is("https://b.example.com/x"));
        assertThat(StatusRecordingConnectionFactory.location(asked, "http://[x"), is((String) null));
        assertThat(StatusRecordingConnectionFactory.location(asked, null), is((String) null));
    }

    @Test
    public void retryTimesAreReadFromHostMessages() {
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        assertThat(StatusRecordingConnectionFactory.retryAfter("120", now), is(Optional.of(Duration.ofMinutes(2))));
        assertThat(
                StatusRecordingConnectionFactory.retryAfter("Sun, 29 Nov 2026 12:00:30 GMT", now),
                is(Optional.of(Duration.ofSeconds(30))));
        assertThat(
                StatusRecordingConnectionFactory.retryAfter("Sun, 29 Nov 2026 11:00:00 GMT", now),
                is(Optional.of(Duration.ZERO)));
        for (String odd : List.of("", "soon", "-1", "99999999999999", "1.5")) {
            assertThat(StatusRecordingConnectionFactory.retryAfter(odd, now), is(Optional.empty()));
        }
    }

    private static HttpServer answering(int status, Map<String, String> headers, String body, AtomicInteger count)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            count.incrementAndGet();
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        return server;
    }

    private void refuse(String words) {
        served.server().setHook(new GitServerHook() {
            @Override
            public void beforePush(String name, List<ReceiveCommand> commands) {
                commands.get(0).setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "pre-receive hook declined");
            }

            @Override
            public String says(List<ReceiveCommand> commands) {
                return words;
            }
        });
    }

    private static GitRemoteException writeFails(ConfigRepository repository) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, write("op", "a", "1")));
        assertThat(e.getCause(), instanceOf(GitRemoteException.class));
        assertThat(e.getCause().getMessage(), not(containsString(PASSWORD)));
        return (GitRemoteException) e.getCause();
    }
}
