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
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.ServedRepository;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.Rule;
import org.junit.Test;

/** The exact messages for the user. */
public class RemoteErrorTranslatorTest {
    private static final GitOptions IMPATIENT =
            ServedRepository.withShortTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), false);

    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void branchMissing() throws Exception {
        ConfigRepository repository = served.open(served.url(), "release", access(PASSWORD), QUICK);
        String expected = "There is no branch \"release\" in " + served.url()
                + ". Create it with a first commit, or name another one.";
        assertThat(fetchFails(repository).getMessage(), is(expected));
        assertThat(writeFails(repository).getMessage(), is(expected));
        assertThat(repository.tip(), is(Optional.empty()));
    }

    @Test
    public void wrongPassword() throws Exception {
        ConfigRepository repository = served.open(served.url(), "main", access("wr0ng-pa55word"), QUICK);
        String expected =
                served.url() + " does not accept the credentials. The host says: Give the user name and password of"
                        + " this server. Check that they are set, correct and not expired.";
        assertThat(fetchFails(repository).getMessage(), is(expected));
        GitRemoteException failure = writeFails(repository);
        assertThat(failure.getMessage(), is(expected));
        assertThat(failure.isTemporary(), is(false));
        assertThat(fullText(failure), not(containsString("wr0ng")));
    }

    @Test
    public void noPassword() throws Exception {
        ConfigRepository repository = served.open(served.url(), "main", GitCredentials.ANONYMOUS, QUICK);
        assertThat(
                fetchFails(repository).getMessage(),
                is(served.url() + " does not accept the credentials. The host says: Give the user name and password of"
                        + " this server. Check that they are set, correct and not expired."));
    }

    @Test
    public void rotatedPassword() throws Exception {
        String[] password = {"old"};
        ConfigRepository repository = served.open(
                served.url(),
                "main",
                transport -> GitCredentials.basic(transport, ServedRepository.USER, password[0]),
                QUICK);
        fetchFails(repository);
        password[0] = PASSWORD;
        assertThat(repository.fetch(), is(served.tip()));
    }

    @Test
    public void missingCredentials() throws Exception {
        ConfigRepository repository = served.open(
                served.url(),
                "main",
                transport -> {
                    throw new IOException("There are no credentials deploy-key");
                },
                QUICK);
        assertThat(
                fetchFails(repository).getMessage(),
                is("There are no usable credentials for " + served.url()
                        + ": There are no credentials deploy-key. Check the configuration of the credentials."));
    }

    @Test
    public void readOnlyAccess() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        answerPushes(403);
        GitRemoteException failure = writeFails(repository);
        assertThat(
                failure.getMessage(),
                is(served.url() + " does not let these credentials write. The host says: Injected fault. Nothing was"
                        + " written."));
        assertThat(failure.isTemporary(), is(false));
    }

    @Test
    public void noReadAccess() throws Exception {
        answerAll(403);
        assertThat(
                fetchFails(served.open()).getMessage(),
                is(served.url() + " does not let these credentials read. The host says: Injected fault. Nothing was"
                        + " read."));
    }

    @Test
    public void missingRepository() throws Exception {
        String url = served.server().url("none.git");
        ConfigRepository repository = served.open(url, "main", access(PASSWORD), QUICK);
        String expected = "There is no repository at " + url + ", or the credentials may not see it. The host says:"
                + " Repository not found. Check the URL and what the credentials may read.";
        assertThat(fetchFails(repository).getMessage(), is(expected));
        assertThat(writeFails(repository).getMessage(), is(expected));
    }

    @Test
    public void missingRepositoryInAFolder() throws Exception {
        String url = served.folder().resolve("none.git").toString();
        ConfigRepository repository = served.open(url, "main", GitCredentials.ANONYMOUS, QUICK);
        assertThat(
                fetchFails(repository).getMessage(),
                is("There is no repository at " + url
                        + ", or the credentials may not see it. Check the URL and what the credentials may read."));
    }

    @Test
    public void redirect() throws Exception {
        answerAll(302);
        assertThat(
                fetchFails(served.open()).getMessage(),
                is(served.url() + " answers with a redirect (HTTP status 302), which is not followed. Give the URL that"
                        + " it redirects to."));
    }

    @Test
    public void serverError() throws Exception {
        answerAll(503);
        ConfigRepository repository = served.open();
        GitRemoteException failure = fetchFails(repository);
        repository.close();
        assertThat(
                failure.getMessage(),
                is(served.url() + " answers with HTTP status 503. The host says: Injected fault. Try again later."));
        assertThat(failure.isTemporary(), is(true));
        assertThat(
                writeFails(served.open(served.url(), "main", access(PASSWORD), IMPATIENT))
                        .getMessage(),
                startsWith(served.url() + " answers with HTTP status 503. The host says: Injected fault, also"
                        + " after retrying for "));
    }

    @Test
    public void unexpectedResponse() throws Exception {
        answerAll(418);
        assertThat(
                fetchFails(served.open()).getMessage(),
                is(served.url() + " answers with HTTP status 418. The host says: Injected fault. Check the URL."));
    }

    @Test
    public void brokenConnection() throws Exception {
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                return Fault.LOSE_REQUEST;
            }
        });
        GitRemoteException failure = fetchFails(served.open());
        assertThat(
                failure.getMessage(),
                is("The connection to " + served.url()
                        + " failed: Unexpected end of file from server. Check the network and the server."));
        assertThat(failure.isTemporary(), is(true));
    }

    @Test
    public void connectionRefused() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port + "/config.git";
        GitRemoteException failure = fetchFails(served.open(url, "main", access(PASSWORD), QUICK));
        assertThat(
                failure.getMessage(),
                is(url + " cannot be reached: Connection refused 127.0.0.1. Check the URL and the network."));
        assertThat(failure.isTemporary(), is(true));
    }

    @Test
    public void unknownHost() throws Exception {
        String url = "https://no-such-host.invalid/config.git";
        GitRemoteException failure = fetchFails(served.open(url, "main", access(PASSWORD), IMPATIENT));
        assertThat(failure.getMessage(), is("The host of " + url + " is unknown. Check the URL and DNS."));
    }

    @Test
    public void readTimeout() throws Exception {
        // Accepts connections and never responds.
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + socket.getLocalPort() + "/config.git";
            GitRemoteException failure = fetchFails(served.open(url, "main", access(PASSWORD), IMPATIENT));
            assertThat(
                    failure.getMessage(), is(url + " did not respond within 1 s. Check the network and the server."));
            assertThat(failure.isTemporary(), is(true));
        }
    }

    @Test
    public void plaintextServerBehindHttps() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            served.writers().submit(() -> {
                while (true) {
                    try (Socket connection = socket.accept()) {
                        connection.getInputStream().read();
                        connection
                                .getOutputStream()
                                .write("HTTP/1.0 400 This is no TLS\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                }
            });
            String url = "https://127.0.0.1:" + socket.getLocalPort() + "/config.git";
            GitRemoteException failure = fetchFails(served.open(url, "main", access(PASSWORD), QUICK));
            assertThat(
                    failure.getMessage(),
                    is("No trusted connection to " + url
                            + " could be established. Check the server's certificate and the trust"
                            + " store of this Java."));
            assertThat(failure.isTemporary(), is(false));
        }
    }

    @Test
    public void messagesContainNoSecret() throws Exception {
        ConfigRepository repository = served.open(IMPATIENT);
        answerAll(500);
        assertThat(fullText(fetchFails(repository)), not(containsString(PASSWORD)));
        assertThat(fullText(writeFails(repository)), not(containsString(PASSWORD)));
        assertThat(repository.toString() + repository.url(), not(containsString(PASSWORD)));
    }

    private void answerAll(int status) {
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                return Fault.answer(status);
            }
        });
    }

    private void answerPushes(int status) {
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                return request.push() ? Fault.answer(status) : Fault.NONE;
            }
        });
    }

    private static GitRemoteException fetchFails(ConfigRepository repository) {
        return assertThrows(GitRemoteException.class, repository::fetch);
    }

    private static GitRemoteException writeFails(ConfigRepository repository) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, write("op", "a", "1")));
        assertThat(e.getCause(), instanceOf(GitRemoteException.class));
        return (GitRemoteException) e.getCause();
    }

    private static String fullText(UserErrorException e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
