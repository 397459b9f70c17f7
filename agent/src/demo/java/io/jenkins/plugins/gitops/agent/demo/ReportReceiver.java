package io.jenkins.plugins.gitops.agent.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.ReportAnswer;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import io.jenkins.plugins.gitops.core.sync.Signature;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Takes reports on loopback as Jenkins does, for the demo that has no Jenkins: the same inbox, the same answers. */
public final class ReportReceiver implements AutoCloseable {
    private static final String PATH = "/gitops-agent/report";

    private final Map<String, String> secrets;
    private final Supplier<Optional<String>> newestRevision;
    private final ReportInbox inbox;
    private final HttpServer server;
    private final ExecutorService pool = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "report-receiver");
        thread.setDaemon(true);
        return thread;
    });

    private ReportReceiver(Map<String, String> secrets, Supplier<Optional<String>> newestRevision) throws IOException {
        this.secrets = Map.copyOf(secrets);
        this.newestRevision = newestRevision;
        this.inbox = new ReportInbox(name -> Optional.ofNullable(this.secrets.get(name)));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    /**
     * @param secrets report secret by agent name
     * @param newestRevision told to every agent, so that a push is picked up at once
     */
    public static ReportReceiver start(Map<String, String> secrets, Supplier<Optional<String>> newestRevision)
            throws IOException {
        ReportReceiver receiver = new ReportReceiver(secrets, newestRevision);
        receiver.server.createContext(PATH, receiver::receive);
        receiver.server.setExecutor(receiver.pool);
        receiver.server.start();
        return receiver;
    }

    /** What an agent is given as the URL of Jenkins. */
    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** What agents say about a target, by its path. */
    public List<Snapshot> snapshots(Target target) {
        Instant now = Instant.now();
        List<Snapshot> snapshots = new ArrayList<>();
        for (ReportInbox.Received received : inbox.all()) {
            for (Report.ApplicationStatus status : received.report().applications()) {
                if (status.path().equals(target.path()) && target.isReportedAs(status.name())) {
                    snapshots.add(new Snapshot(received.agent(), received.at(), received.isStale(now), status));
                }
            }
        }
        return snapshots;
    }

    /** Waits until the next report comes in, or the time is over. */
    public synchronized void awaitReport(Duration atMost) throws InterruptedException {
        wait(Math.max(1, atMost.toMillis()));
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!"POST".equals(exchange.getRequestMethod())
                    || !PATH.equals(exchange.getRequestURI().getPath())) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(ReportInbox.MAX_BODY + 1);
            String agent = exchange.getRequestHeaders().getFirst(Signature.AGENT_HEADER);
            try {
                ReportInbox.Received received = inbox.receive(
                        agent,
                        exchange.getRequestHeaders().getFirst(Signature.TIMESTAMP_HEADER),
                        exchange.getRequestHeaders().getFirst(Signature.SIGNATURE_HEADER),
                        body,
                        Instant.now());
                answer(exchange, received);
            } catch (ReportInbox.NotAcceptedException e) {
                exchange.sendResponseHeaders(e.status(), -1);
                return;
            }
        }
        synchronized (this) {
            notifyAll();
        }
    }

    private void answer(HttpExchange exchange, ReportInbox.Received received) throws IOException {
        Map<String, String> revisions = new HashMap<>();
        newestRevision.get().ifPresent(revision -> received.report()
                .applications()
                .forEach(application -> revisions.put(application.repository(), revision)));
        byte[] answer = ReportInbox.format(ReportAnswer.to(received.report(), revisions, List.of(), Map.of()));
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set(Signature.TIMESTAMP_HEADER, timestamp);
        Signature.Context context = Signature.Context.response(received.agent(), timestamp);
        exchange.getResponseHeaders()
                .set(
                        Signature.SIGNATURE_HEADER,
                        Signature.sign(received.version(), secrets.get(received.agent()), context, answer));
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
    }
}
