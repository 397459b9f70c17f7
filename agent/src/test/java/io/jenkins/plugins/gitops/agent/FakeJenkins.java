package io.jenkins.plugins.gitops.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.ReportAnswer;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import io.jenkins.plugins.gitops.core.sync.Signature;
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

/** Takes reports as Jenkins does, and answers with what a test wants the agent to know. */
public final class FakeJenkins implements AutoCloseable {
    private final String agent;
    private final String secret;
    private final ReportInbox inbox;
    private final HttpServer server;
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private volatile Map<String, String> revisions = Map.of();
    private volatile List<String> syncRequests = List.of();
    private volatile Map<String, String> pruneRequests = Map.of();

    public FakeJenkins(String agent, String secret) throws IOException {
        this.agent = agent;
        this.secret = secret;
        this.inbox = new ReportInbox(name -> name.equals(agent) ? Optional.of(secret) : Optional.empty());
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jenkins/gitops-agent/report", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jenkins/");
    }

    public void know(String repository, String revision) {
        revisions = Map.of(repository, revision);
    }

    public void requestSync(String application) {
        syncRequests = List.of(application);
    }

    /** Also asks to delete what a revision no longer holds. */
    public void requestPrune(String application, String revision) {
        pruneRequests = Map.of(application, revision);
        requestSync(application);
    }

    /** The next report that was taken in; null when none comes. */
    public Report next() throws InterruptedException {
        return reports.poll(30, TimeUnit.SECONDS);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                Report report = inbox.receive(
                                exchange.getRequestHeaders().getFirst(Signature.AGENT_HEADER),
                                exchange.getRequestHeaders().getFirst(Signature.TIMESTAMP_HEADER),
                                exchange.getRequestHeaders().getFirst(Signature.SIGNATURE_HEADER),
                                body,
                                Instant.now())
                        .report();
                answer(exchange, report);
                reports.add(report);
            } catch (ReportInbox.NotAcceptedException e) {
                exchange.sendResponseHeaders(e.status(), -1);
            }
        }
    }

    private void answer(HttpExchange exchange, Report report) throws IOException {
        byte[] body = ReportInbox.format(ReportAnswer.to(report, revisions, syncRequests, pruneRequests));
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        exchange.getResponseHeaders().set(Signature.TIMESTAMP_HEADER, timestamp);
        exchange.getResponseHeaders()
                .set(
                        Signature.SIGNATURE_HEADER,
                        Signature.sign(secret, Signature.Context.response(agent, timestamp), body));
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
