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
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** Takes reports as Jenkins does; how the next ones are answered can be scripted. */
final class Receiver implements AutoCloseable {
    static final String AGENT = "dev";
    static final Map<String, String> REVISIONS = Map.of("https://git.example.com/config", "a".repeat(40));

    /** Answers one report that was accepted. */
    interface Answer {
        void to(HttpExchange exchange, Report report) throws Exception;
    }

    /** What was accepted, in order. */
    final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    /** Of every request. */
    final BlockingQueue<String> paths = new LinkedBlockingQueue<>();

    final AtomicReference<String> secret;
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final ReportInbox inbox;
    private final HttpServer server;
    private final ExecutorService pool = Executors.newCachedThreadPool();

    /** @param port 0 for any */
    Receiver(String secret, int port) throws IOException {
        this.secret = new AtomicReference<>(secret);
        this.inbox = new ReportInbox(name -> Optional.of(this.secret.get()).filter(s -> name.equals(AGENT)));
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

    /** The first report that is not spoken for yet is answered so; those after the script are answered well. */
    Receiver next(Answer answer) {
        script.add(answer);
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
            } catch (ReportInbox.NotAcceptedException e) {
                exchange.sendResponseHeaders(e.status(), -1);
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private Report accepted(HttpExchange exchange, byte[] body) throws ReportInbox.NotAcceptedException {
        Report report = inbox.receive(
                        exchange.getRequestHeaders().getFirst(Signature.AGENT_HEADER),
                        exchange.getRequestHeaders().getFirst(Signature.TIMESTAMP_HEADER),
                        exchange.getRequestHeaders().getFirst(Signature.SIGNATURE_HEADER),
                        body,
                        Instant.now())
                .report();
        reports.add(report);
        return report;
    }

    private void answer(HttpExchange exchange, Report report) throws Exception {
        Answer answer = script.poll();
        if (answer == null) {
            good(exchange, report);
        } else {
            answer.to(exchange, report);
        }
    }

    void good(HttpExchange exchange, Report report) throws IOException {
        signed(exchange, body(report), secret.get(), Instant.now());
    }

    static byte[] body(Report report) {
        return ReportInbox.format(ReportAnswer.to(report, REVISIONS, List.of("payments-api-dev"), Map.of()));
    }

    static void signed(HttpExchange exchange, byte[] body, String secret, Instant when) throws IOException {
        String timestamp = Long.toString(when.getEpochSecond());
        send(exchange, body, timestamp, Signature.sign(secret, Signature.Context.response(AGENT, timestamp), body));
    }

    static void send(HttpExchange exchange, byte[] body, String timestamp, String signature) throws IOException {
        exchange.getResponseHeaders().set(Signature.TIMESTAMP_HEADER, timestamp);
        exchange.getResponseHeaders().set(Signature.SIGNATURE_HEADER, signature);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
