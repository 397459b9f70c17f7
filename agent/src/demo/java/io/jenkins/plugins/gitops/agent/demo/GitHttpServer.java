package io.jenkins.plugins.gitops.agent.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/**
 * Serves bare repositories over Git's smart HTTP protocol on the loopback interface, for the demo and for tests, to
 * JGit and C Git clients. It has no TLS and only one user, so it is not meant for production.
 */
public final class GitHttpServer implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(GitHttpServer.class.getName());
    private static final String UPLOAD = "git-upload-pack";
    private static final String RECEIVE = "git-receive-pack";
    private static final int THREADS = 8;

    static {
        // Without TCP_NODELAY, a response of header and body waits 40 ms for the delayed acknowledgement of the header.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final BareRepositories repositories;
    private final HttpServer server;
    private final ExecutorService threads;

    @CheckForNull
    private final byte[] authorization;

    private volatile GitServerHook hook = GitServerHook.NONE;

    private GitHttpServer(Path folder, @CheckForNull byte[] authorization, int port) throws IOException {
        this.repositories = new BareRepositories(folder);
        this.authorization = authorization;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        this.threads = Executors.newFixedThreadPool(THREADS, daemons());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Serves the bare repositories below a folder until closed.
     *
     * @param user null if anyone may read and write
     * @param password null if user is null
     * @param port 0 for any free port
     * @throws IOException if the folder does not exist or the port is in use
     */
    public static GitHttpServer start(
            Path bareRepositoriesFolder, @CheckForNull String user, @CheckForNull String password, int port)
            throws IOException {
        byte[] authorization = user == null ? null : (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        GitHttpServer started = new GitHttpServer(bareRepositoriesFolder, authorization, port);
        started.server.start();
        return started;
    }

    /** Returns the URL of a repository; {@code repositoryName} is its path below the folder. */
    public String url(String repositoryName) {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":" + port() + "/" + repositoryName;
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Replaces the hook, effective from the next request. */
    public void setHook(GitServerHook hook) {
        this.hook = hook;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        repositories.close();
    }

    private static ThreadFactory daemons() {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "git-http-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        // Closing an exchange without a response closes its connection; see Fault.
        try (exchange) {
            Optional<GitRequest> request = GitRequest.parse(exchange.getRequestMethod(), exchange.getRequestURI());
            if (!isAllowed(exchange)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\", charset=\"UTF-8\"");
                answer(exchange, 401, "Give the user name and password of this server");
            } else if (request.isEmpty()) {
                answer(exchange, 404, "Not found");
            } else {
                serve(exchange, request.get());
            }
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "Serving " + exchange.getRequestMethod() + " failed", e);
        }
    }

    private boolean isAllowed(HttpExchange exchange) {
        if (authorization == null) {
            return true;
        }
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        try {
            return MessageDigest.isEqual(
                    authorization,
                    Base64.getDecoder().decode(header.substring(6).trim()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void serve(HttpExchange exchange, GitRequest request) throws IOException {
        GitServerHook.Fault fault = hook.onRequest(request);
        if (fault.status() != 0) {
            answer(exchange, fault.status(), "Injected fault");
            return;
        }
        if (fault == GitServerHook.Fault.LOSE_REQUEST) {
            return;
        }
        Optional<Repository> repository = repositories.find(request.repository());
        if (repository.isEmpty()) {
            answer(exchange, 404, "Repository not found");
        } else if (request.advertisement()) {
            advertise(exchange, request, repository.get());
        } else if (request.push()) {
            receive(exchange, request, repository.get(), fault);
        } else {
            upload(exchange, repository.get());
        }
    }

    private void advertise(HttpExchange exchange, GitRequest request, Repository repository) throws IOException {
        String service = request.push() ? RECEIVE : UPLOAD;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        PacketLineOut out = new PacketLineOut(body);
        PacketLineOutRefAdvertiser advertiser = new PacketLineOutRefAdvertiser(out);
        if (request.push()) {
            out.writeString("# service=" + service + "\n");
            out.end();
            ReceivePack pack = new ReceivePack(repository);
            pack.setBiDirectionalPipe(false);
            pack.sendAdvertisedRefs(advertiser);
        } else {
            UploadPack pack = new UploadPack(repository);
            pack.setBiDirectionalPipe(false);
            pack.setExtraParameters(protocol(exchange));
            pack.sendAdvertisedRefs(advertiser, service);
        }
        answer(exchange, 200, "application/x-" + service + "-advertisement", body);
    }

    private void upload(HttpExchange exchange, Repository repository) throws IOException {
        UploadPack pack = new UploadPack(repository);
        pack.setBiDirectionalPipe(false);
        pack.setExtraParameters(protocol(exchange));
        head(exchange, "application/x-" + UPLOAD + "-result");
        exchange.sendResponseHeaders(200, 0);
        try (InputStream in = body(exchange);
                OutputStream out = exchange.getResponseBody()) {
            pack.upload(in, out, null);
        }
    }

    private void receive(HttpExchange exchange, GitRequest request, Repository repository, GitServerHook.Fault fault)
            throws IOException {
        GitServerHook observer = hook;
        ReceivePack pack = new ReceivePack(repository);
        pack.setBiDirectionalPipe(false);
        pack.setPreReceiveHook((p, commands) -> {
            observer.beforePush(request.repository(), List.copyOf(commands));
            String said = observer.says(List.copyOf(commands));
            if (!said.isEmpty()) {
                p.sendMessage(said);
            }
        });
        pack.setPostReceiveHook((p, commands) -> observer.onPush(request.repository(), List.copyOf(commands)));
        // Buffered until the push is complete, so that a fault can still drop it. The report is short.
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        try (InputStream in = body(exchange)) {
            pack.receive(in, report, null);
        }
        if (fault != GitServerHook.Fault.LOSE_ANSWER) {
            answer(exchange, 200, "application/x-" + RECEIVE + "-result", report);
        }
    }

    private static List<String> protocol(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Git-Protocol");
        return header == null ? List.of() : Arrays.asList(header.split(":"));
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        // Closing the exchange's own stream would skip beyond the request's end, into data that was not sent yet.
        InputStream raw = new FilterInputStream(exchange.getRequestBody()) {
            @Override
            public long skip(long count) throws IOException {
                byte[] skipped = new byte[(int) Math.min(count, 4096)];
                return Math.max(0, read(skipped));
            }
        };
        return "gzip".equals(encoding) || "x-gzip".equals(encoding) ? new GZIPInputStream(raw) : raw;
    }

    private static void head(HttpExchange exchange, String type) {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, max-age=0, must-revalidate");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        answer(exchange, status, "text/plain; charset=utf-8", body);
    }

    private static void answer(HttpExchange exchange, int status, String type, ByteArrayOutputStream body)
            throws IOException {
        head(exchange, type);
        // 0 would mean a response of unknown length.
        exchange.sendResponseHeaders(status, body.size() == 0 ? -1 : body.size());
        body.writeTo(exchange.getResponseBody());
    }
}
