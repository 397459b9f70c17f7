package io.jenkins.plugins.gitops.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** {@code /healthz} and {@code /readyz} for a kubelet. */
public final class HealthServer implements AutoCloseable {
    private final HttpServer server;

    private HealthServer(HttpServer server) {
        this.server = server;
    }

    /** @throws RefusedException when the port cannot be listened on */
    public static HealthServer start(AgentConfig.HealthAddress address, BooleanSupplier alive, BooleanSupplier ready)
            throws RefusedException {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(address.address(), address.port()), 0);
            server.createContext("/healthz", exchange -> answer(exchange, alive.getAsBoolean()));
            server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
            server.start();
            return new HealthServer(server);
        } catch (IOException e) {
            throw new RefusedException(
                            "The agent cannot listen on " + address.address() + ":" + address.port(),
                            "Free the port, or name another one under health")
                    .causedBy(e);
        }
    }

    private static void answer(HttpExchange exchange, boolean good) throws IOException {
        try (exchange) {
            byte[] body = (good ? "ok\n" : "not yet\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(good ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
