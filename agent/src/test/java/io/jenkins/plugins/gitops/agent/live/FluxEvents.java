package io.jenkins.plugins.gitops.agent.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.flux.FluxEventLog;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The Jenkins webhook that receives the events of Flux, and the status that they give for a target. */
final class FluxEvents implements AutoCloseable {
    /** The name of this Flux in gitops.yaml. */
    static final String NAME = "live";

    /** The secret that signs the events. */
    static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static final String PATH = "/gitops-webhook/flux/" + NAME;

    private final HttpServer server;
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final FluxEventLog ledger = new FluxEventLog();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Predicate<String> lost = body -> false;

    private FluxEvents() throws IOException {
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(pool);
        server.createContext(PATH, this::receive);
    }

    static FluxEvents start() throws IOException {
        FluxEvents events = new FluxEvents();
        events.server.start();
        return events;
    }

    /** Returns the address of the Provider. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    /** Drops events whose body matches. */
    void lose(Predicate<String> those) {
        lost = those;
    }

    /** Returns how many requests had a wrong signature. */
    int refused() {
        return refused.get();
    }

    /** Returns what the events say about a target. */
    List<AgentSnapshot> snapshots(Target target) {
        AgentReference by = target.agent();
        return ledger.snapshot(by, "", target.path(), Instant.now()).stream().toList();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status;
            if (!Hmac.verify(SECRET, body, exchange.getRequestHeaders().getFirst("X-Signature"))) {
                refused.incrementAndGet();
                status = 403;
            } else if (lost.test(new String(body, StandardCharsets.UTF_8))) {
                status = 202;
            } else {
                status = ledger.accept(body, Instant.now()).status();
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }
}
