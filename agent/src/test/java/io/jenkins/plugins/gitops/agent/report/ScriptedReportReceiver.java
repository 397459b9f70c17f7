package io.jenkins.plugins.gitops.agent.report;

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
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** Receives reports as Jenkins does; the next responses can be scripted. */
final class ScriptedReportReceiver implements AutoCloseable {
    static final String AGENT = "dev";
    static final Map<String, String> REVISIONS = Map.of("https://git.example.com/config", "a".repeat(40));

    /** Responds to one accepted report. */
    interface ResponseScript {
        void to(HttpExchange exchange, Report report) throws Exception;
    }

    /** The accepted reports, in order. */
    final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    /** The path of every request. */
    final BlockingQueue<String> paths = new LinkedBlockingQueue<>();

    final AtomicReference<String> secret;
    private final Queue<ResponseScript> script = new ConcurrentLinkedQueue<>();
    private final ReportVerifier inbox;
    private final HttpServer server;
    private final ExecutorService pool = Executors.newCachedThreadPool();

    /**
     * Starts a receiver.
     *
     * @param port 0 for any
     */
    ScriptedReportReceiver(String secret, int port) throws IOException {
        this.secret = new AtomicReference<>(secret);
        this.inbox = new ReportVerifier(name -> Optional.of(this.secret.get()).filter(s -> name.equals(AGENT)));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::receive);
        server.setExecutor(pool);
        server.start();
    }

    static URI url(int port) {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port);
    }

    URI url() {
        return url(port());
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Adds a response for the first report that has none yet. Reports after the script get a normal response. */
    ScriptedReportReceiver next(ResponseScript responseScript) {
        script.add(responseScript);
        return this;
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            paths.add(exchange.getRequestURI().getPath());
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                answer(exchange, accepted(exchange, body));
            } catch (ReportVerifier.ReportRejectedException e) {
                exchange.sendResponseHeaders(e.status(), -1);
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private Report accepted(HttpExchange exchange, byte[] body) throws ReportVerifier.ReportRejectedException {
        Report report = inbox.verify(
                        exchange.getRequestHeaders().getFirst(ReportSignature.AGENT_HEADER),
                        exchange.getRequestHeaders().getFirst(ReportSignature.TIMESTAMP_HEADER),
                        exchange.getRequestHeaders().getFirst(ReportSignature.SIGNATURE_HEADER),
                        body,
                        Instant.now())
                .report();
        reports.add(report);
        return report;
    }

    private void answer(HttpExchange exchange, Report report) throws Exception {
        ResponseScript responseScript = script.poll();
        if (responseScript == null) {
            good(exchange, report);
        } else {
            responseScript.to(exchange, report);
        }
    }

    void good(HttpExchange exchange, Report report) throws IOException {
        signed(exchange, body(report), secret.get(), Instant.now());
    }

    static byte[] body(Report report) {
        return ReportVerifier.format(ReportResponse.to(report, REVISIONS, List.of("payments-api-dev"), Map.of()));
    }

    static void signed(HttpExchange exchange, byte[] body, String secret, Instant when) throws IOException {
        String timestamp = Long.toString(when.getEpochSecond());
        send(
                exchange,
                body,
                timestamp,
                ReportSignature.sign(secret, ReportSignature.Context.response(AGENT, timestamp), body));
    }

    static void send(HttpExchange exchange, byte[] body, String timestamp, String signature) throws IOException {
        exchange.getResponseHeaders().set(ReportSignature.TIMESTAMP_HEADER, timestamp);
        exchange.getResponseHeaders().set(ReportSignature.SIGNATURE_HEADER, signature);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
