package io.jenkins.plugins.gitops.agent.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.rules.ExternalResource;

/** An API server that gives the same response to all requests, and a client for it that does not retry. */
final class StubApiServer extends ExternalResource {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String body;
    private HttpServer server;
    private KubernetesClient client;

    /**
     * Creates a server.
     *
     * @param body the first response, as JSON; its status is 200
     */
    StubApiServer(String body) {
        this.body = body;
    }

    @Override
    protected void before() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @Override
    protected void after() {
        client.close();
        server.stop(0);
    }

    KubernetesClient client() {
        return client;
    }

    /** Returns method and URI of each request, in order. */
    List<String> requests() {
        return requests;
    }

    /** Sets the status, effective from the next request. */
    void answer(int statusCode) {
        status = statusCode;
    }

    /** Sets the body, effective from the next request, without changing the status. */
    void answer(String json) {
        body = json;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            // One connection for each request, since this server may close one that the client is about to reuse.
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
