package io.jenkins.plugins.gitops.agent.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
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

/**
 * Receives reports on loopback as Jenkins does, with the same verification and responses, for the demo without Jenkins.
 */
public final class ReportReceiver implements AutoCloseable {
    private static final String PATH = "/gitops-agent/report";

    private final Map<String, String> secrets;
    private final Supplier<Optional<String>> newestRevision;
    private final ReportVerifier inbox;
    private final HttpServer server;
    private final ExecutorService pool = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "report-receiver");
        thread.setDaemon(true);
        return thread;
    });

    private ReportReceiver(Map<String, String> secrets, Supplier<Optional<String>> newestRevision) throws IOException {
        this.secrets = Map.copyOf(secrets);
        this.newestRevision = newestRevision;
        this.inbox = new ReportVerifier(name -> Optional.ofNullable(this.secrets.get(name)));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    /**
     * Starts a receiver.
     *
     * @param secrets report secret by agent name
     * @param newestRevision sent to every agent, so that a push is picked up immediately
     */
    public static ReportReceiver start(Map<String, String> secrets, Supplier<Optional<String>> newestRevision)
            throws IOException {
        ReportReceiver receiver = new ReportReceiver(secrets, newestRevision);
        receiver.server.createContext(PATH, receiver::receive);
        receiver.server.setExecutor(receiver.pool);
        receiver.server.start();
        return receiver;
    }

    /** Returns the URL that agents use as the URL of Jenkins. */
    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** Returns what agents report about a target, by its path. */
    public List<AgentSnapshot> snapshots(Target target) {
        Instant now = Instant.now();
        List<AgentSnapshot> snapshots = new ArrayList<>();
        for (ReportVerifier.VerifiedReport verifiedReport : inbox.all()) {
            for (Report.ApplicationStatus status : verifiedReport.report().applications()) {
                if (status.path().equals(target.path()) && target.isReportedUnder(status.name())) {
                    snapshots.add(new AgentSnapshot(
                            verifiedReport.agent(), verifiedReport.at(), verifiedReport.isStale(now), status));
                }
            }
        }
        return snapshots;
    }

    /** Waits until the next report arrives, or until the timeout. */
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
            byte[] body = exchange.getRequestBody().readNBytes(ReportVerifier.MAX_BODY + 1);
            String agent = exchange.getRequestHeaders().getFirst(ReportSignature.AGENT_HEADER);
            try {
                ReportVerifier.VerifiedReport verifiedReport = inbox.verify(
                        agent,
                        exchange.getRequestHeaders().getFirst(ReportSignature.TIMESTAMP_HEADER),
                        exchange.getRequestHeaders().getFirst(ReportSignature.SIGNATURE_HEADER),
                        body,
                        Instant.now());
                answer(exchange, verifiedReport);
            } catch (ReportVerifier.ReportRejectedException e) {
                exchange.sendResponseHeaders(e.status(), -1);
                return;
            }
        }
        synchronized (this) {
            notifyAll();
        }
    }

    private void answer(HttpExchange exchange, ReportVerifier.VerifiedReport verifiedReport) throws IOException {
        Map<String, String> revisions = new HashMap<>();
        newestRevision.get().ifPresent(revision -> verifiedReport
                .report()
                .applications()
                .forEach(application -> revisions.put(application.repository(), revision)));
        byte[] answer =
                ReportVerifier.format(ReportResponse.to(verifiedReport.report(), revisions, List.of(), Map.of()));
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set(ReportSignature.TIMESTAMP_HEADER, timestamp);
        ReportSignature.Context context = ReportSignature.Context.response(verifiedReport.agent(), timestamp);
        exchange.getResponseHeaders()
                .set(
                        ReportSignature.SIGNATURE_HEADER,
                        ReportSignature.sign(
                                verifiedReport.version(), secrets.get(verifiedReport.agent()), context, answer));
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
    }
}
