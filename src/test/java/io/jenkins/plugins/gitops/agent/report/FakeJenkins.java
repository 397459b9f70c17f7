package io.jenkins.plugins.gitops.agent.report;

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

/** Takes reports as Jenkins does, and answers what a test wants. */
public final class FakeJenkins implements AutoCloseable {
    private final String secret;
    private final ReportInbox inbox;
    private final HttpServer server;
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> refusals = new LinkedBlockingQueue<>();
    private volatile Map<String, String> revisions = Map.of();
    private volatile List<String> syncRequests = List.of();
    private volatile Trick trick = Trick.NONE;

    /** What is wrong with an answer. */
    public enum Trick {
        NONE,
        UNAVAILABLE,
        REDIRECT,
        WRONG_SECRET,
        OLD_SEQUENCE
    }

    public FakeJenkins(String agent, String secret) throws IOException {
        this.secret = secret;
        this.inbox = new ReportInbox(name -> name.equals(agent) ? Optional.of(secret) : Optional.empty());
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
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

    public void play(Trick other) {
        trick = other;
    }

    /** The next report that was taken in; null when none comes. */
    public Report next() throws InterruptedException {
        return reports.poll(30, TimeUnit.SECONDS);
    }

    /** The status of the next request that was not taken in; null when none comes. */
    public Integer nextRefusal() throws InterruptedException {
        return refusals.poll(30, TimeUnit.SECONDS);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!exchange.getRequestURI().getPath().equals("/jenkins/gitops-agent/report")) {
                refuse(exchange, 404);
                return;
            }
            if (trick == Trick.UNAVAILABLE) {
                refuse(exchange, 503);
                return;
            }
            if (trick == Trick.REDIRECT) {
                exchange.getResponseHeaders().set("Location", url() + "elsewhere");
                refuse(exchange, 302);
                return;
            }
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
                refuse(exchange, e.status());
            }
        }
    }

    private void refuse(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        refusals.add(status);
    }

    private void answer(HttpExchange exchange, Report report) throws IOException {
        long sequence = trick == Trick.OLD_SEQUENCE ? report.sequence() - 1 : report.sequence();
        byte[] body = ReportInbox.format(new ReportAnswer(sequence, revisions, syncRequests));
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        String key = trick == Trick.WRONG_SECRET ? "another secret of this length" : secret;
        exchange.getResponseHeaders().set(Signature.TIMESTAMP_HEADER, timestamp);
        exchange.getResponseHeaders().set(Signature.SIGNATURE_HEADER, Signature.sign(key, timestamp, body));
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
