package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The responses to a kubelet, independent of other clients. */
public class HealthServerTest {
    private final List<Socket> clients = new ArrayList<>();
    private volatile String alive;
    private volatile String ready;
    private HealthServer server;

    @Before
    public void start() throws Exception {
        server = HealthServer.start(new AgentConfig.HealthAddress("127.0.0.1", 0), () -> alive, () -> ready);
    }

    @After
    public void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        server.close();
    }

    @Test
    public void unhealthyResponseNamesTheProblem() throws Exception {
        assertAnswer("/healthz", 200, "ok\n");
        assertAnswer("/readyz?verbose", 200, "ok\n");
        alive = "the pass over application shop has not ended for 11 minutes";
        ready = "not ready";
        assertAnswer("/healthz", 503, "the pass over application shop has not ended for 11 minutes\n");
        assertAnswer("/readyz", 503, "not ready\n");
        assertAnswer("/metrics", 404, "not found\n");
    }

    @Test
    public void answersWhileOtherClientsSendIncompleteRequests() throws Exception {
        for (int i = 0; i < 50; i++) {
            send("");
            send("GET /healthz HTTP/1.1\r\nHost: ");
        }

        assertAnswer("/healthz", 200, "ok\n");
    }

    @Test
    public void closesTheOldestOfTooManyConnections() throws Exception {
        Socket first = send("GET /healthz");
        for (int i = 0; i < 200; i++) {
            send("GET");
        }

        assertAnswer("/healthz", 200, "ok\n");
        assertThat(first.getInputStream().read(), is(-1));
    }

    @Test
    public void closesConnectionsThatSendTooMuchOrTooSlowly() throws Exception {
        Socket slow = send("GET /healthz HTTP/1.1\r\n");
        Socket large = send("x".repeat(4096));

        assertThat(large.getInputStream().read(), is(-1));
        assertThat(slow.getInputStream().read(), is(-1));
    }

    @Test
    public void failingCheckIsReportedAsUnhealthy() throws Exception {
        HealthServer broken = HealthServer.start(
                new AgentConfig.HealthAddress("127.0.0.1", 0),
                () -> {
                    throw new IllegalStateException("of the test");
                },
                () -> null);
        try {
            assertThat(get(broken, "/healthz").statusCode(), is(503));
            assertThat(get(broken, "/readyz").statusCode(), is(200));
        } finally {
            broken.close();
        }
    }

    private Socket send(String text) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
        clients.add(client);
        client.setSoTimeout(60_000);
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private void assertAnswer(String path, int status, String body) throws Exception {
        HttpResponse<String> answer = get(server, path);
        assertThat(answer.statusCode(), is(status));
        assertThat(answer.body(), is(body));
    }

    private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
