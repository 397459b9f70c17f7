package io.jenkins.plugins.gitops.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Receives reports as Jenkins does, with responses that a test chooses. */
public final class FakeJenkins implements AutoCloseable {
    private final String agent;
    private final String secret;
    private final ReportVerifier inbox;
    private final HttpServer server;
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private volatile Map<String, String> revisions = Map.of();
    private volatile List<String> syncRequests = List.of();
    private volatile Map<String, String> pruneRequests = Map.of();

    public FakeJenkins(String agent, String secret) throws IOException {
        this.agent = agent;
        this.secret = secret;
        this.inbox = new ReportVerifier(name -> name.equals(agent) ? Optional.of(secret) : Optional.empty());
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jenkins/gitops-agent/report", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jenkins/");
    }

    public void setRevision(String repository, String revision) {
        revisions = Map.of(repository, revision);
    }

    public void requestSync(String application) {
        syncRequests = List.of(application);
    }

    /** Requests a sync that also prunes what a revision no longer contains. */
    public void requestPrune(String application, String revision) {
        pruneRequests = Map.of(application, revision);
        requestSync(application);
    }

    /** Returns the next accepted report; null if none arrives within 30 seconds. */
    public Report next() throws InterruptedException {
        return reports.poll(30, TimeUnit.SECONDS);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                Report report = inbox.verify(
                                exchange.getRequestHeaders().getFirst(ReportSignature.AGENT_HEADER),
                                exchange.getRequestHeaders().getFirst(ReportSignature.TIMESTAMP_HEADER),
                                exchange.getRequestHeaders().getFirst(ReportSignature.SIGNATURE_HEADER),
                                body,
                                Instant.now())
                        .report();
                answer(exchange, report);
                reports.add(report);
            } catch (ReportVerifier.ReportRejectedException e) {
                exchange.sendResponseHeaders(e.status(), -1);
            }
        }
    }

    private void answer(HttpExchange exchange, Report report) throws IOException {
        byte[] body = ReportVerifier.format(ReportResponse.to(report, revisions, syncRequests, pruneRequests));
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        exchange.getResponseHeaders().set(ReportSignature.TIMESTAMP_HEADER, timestamp);
        exchange.getResponseHeaders()
                .set(
                        ReportSignature.SIGNATURE_HEADER,
                        ReportSignature.sign(secret, ReportSignature.Context.response(agent, timestamp), body));
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
