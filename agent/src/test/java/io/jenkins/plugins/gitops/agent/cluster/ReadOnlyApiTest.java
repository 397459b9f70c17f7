package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Every request of an agent that may not write, whoever forgets that. */
public class ReadOnlyApiTest {
    private static final ResourceKind KIND =
            ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();
    private static final ObjectId ID = new ObjectId(KIND, "shop", "a");
    private static final String PATH = "/api/v1/namespaces/shop/configmaps/a";

    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KubernetesClient client;
    private ClusterApi api;

    @Before
    public void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] body = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            // One connection for each request: this server may end one that the client is about to use again.
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        api = new ClusterApi(client, "gitops-agent-dev", RequestPolicy.READ_ONLY);
    }

    @After
    public void close() {
        client.close();
        server.stop(0);
    }

    @Test
    public void writesAreNotSent() {
        assertNotSent("PATCH " + PATH, () -> ClusterApi.await(api.apply(ID, Map.of(), false, true)));
        assertNotSent("PATCH " + PATH, () -> ClusterApi.await(api.apply(ID, Map.of(), false, false)));
        assertNotSent("PATCH " + PATH, () -> api.patch(ID, List.of()));
        assertNotSent("PATCH " + PATH, () -> api.merge(ID, Map.of()));
        assertNotSent("PATCH " + PATH, () -> api.annotate(ID, Map.of("a", "b")));
        assertNotSent("DELETE " + PATH, () -> ClusterApi.await(api.delete(ID, "uid", "foreground")));

        assertThat(received, is(List.of()));
    }

    private static void assertNotSent(String request, ThrowingRunnable call) {
        ClusterException failure = assertThrows(request, ClusterException.class, call);

        assertThat(failure.getMessage(), is("not sent, since this is a dry run: " + request));
        assertThat("is not tried again as if the server were away", failure.isOutage(), is(false));
    }

    @Test
    public void readsAndDryRunsAreSent() throws Exception {
        api.get(ID);
        ClusterApi.await(api.head(ID));
        api.ping(Duration.ofSeconds(10));
        api.list(KIND, "shop", new ObjectReader<>(KIND, new LiveObjectCache(name -> {}, live -> {})), true);
        ClusterApi.await(api.apply(ID, Map.of(), true, true));
        ClusterApi.await(api.tryCreate(ID, Map.of()));

        assertThat(
                received,
                contains(
                        "GET " + PATH,
                        "GET " + PATH,
                        "GET /version",
                        "GET /api/v1/namespaces/shop/configmaps?limit=500",
                        "PATCH " + PATH + "?fieldManager=gitops-agent-dev&fieldValidation=Strict&force=true&dryRun=All",
                        "POST /api/v1/namespaces/shop/configmaps?fieldValidation=Strict&dryRun=All"));
    }
}
