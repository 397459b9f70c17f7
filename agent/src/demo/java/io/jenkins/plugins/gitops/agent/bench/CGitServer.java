package io.jenkins.plugins.gitops.agent.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The Git server that all clients of a benchmark share: C Git, either started by the client for a {@code file:} URL, or
 * over HTTP on the loopback interface by Git's own CGI program. If C Git is not installed, the server of the demo.
 */
final class CGitServer implements AutoCloseable {
    /** Transport for which the client starts a server process for each push. */
    static final String FILE = "file";
    /** Transport over smart HTTP. */
    static final String HTTP = "http";

    static {
        // Without TCP_NODELAY, a response of header and body waits 40 ms for the delayed acknowledgement of the header.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final Path root;
    private final boolean git;
    private final String url;
    private final List<AutoCloseable> open = new ArrayList<>();

    /**
     * Starts the server.
     *
     * @param root the folder that contains the bare repositories
     * @param transport {@link #FILE} or {@link #HTTP}
     */
    CGitServer(Path root, String transport) throws IOException, InterruptedException {
        this.root = root;
        this.git = ProcessRunner.hasGit();
        this.url = transport.equals(HTTP)
                ? (git ? serve() : serveWithoutGit())
                : root.toUri().toString();
    }

    private String serveWithoutGit() throws IOException {
        GitHttpServer server = GitHttpServer.start(root, null, null, 0);
        open.add(server);
        return server.url("");
    }

    private String serve() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
        open.add(() -> http.stop(0));
        open.add(threads::shutdownNow);
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/";
    }

    String url(String repository) {
        return url + repository;
    }

    /** Opens a clone that uses C Git for {@code file:} URLs as the other clients do; JGit would serve them itself. */
    ConfigRepository clone(Path cache, Executor writer) throws UserErrorException {
        GitCredentials access = transport -> {
            if (git) {
                transport.setOptionReceivePack("exec git receive-pack");
                transport.setOptionUploadPack("exec git upload-pack");
            }
        };
        return ConfigRepository.open(
                cache, url("config.git"), "main", "", access, writer, GitOptions.DEFAULT.withFiles());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            serve(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(HttpExchange exchange) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("REMOTE_USER", "bench");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        String query = exchange.getRequestURI().getQuery();
        environment.put("QUERY_STRING", query == null ? "" : query);
        header(exchange, "Content-Type", environment, "CONTENT_TYPE");
        header(exchange, "Content-Encoding", environment, "HTTP_CONTENT_ENCODING");
        header(exchange, "Git-Protocol", environment, "GIT_PROTOCOL");
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        try (InputStream out = new BufferedInputStream(process.getInputStream())) {
            answer(exchange, out);
        }
        process.waitFor();
    }

    private static void header(HttpExchange exchange, String name, Map<String, String> environment, String variable) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
            environment.put(variable, value);
        }
    }

    private static void answer(HttpExchange exchange, InputStream out) throws IOException {
        int status = 200;
        for (String line = line(out); !line.isEmpty(); line = line(out)) {
            String[] header = line.split(": ", 2);
            if (header[0].equals("Status")) {
                status = Integer.parseInt(header[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
        }
        exchange.sendResponseHeaders(status, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            out.transferTo(body);
        }
    }

    private static String line(InputStream out) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = out.read(); b >= 0 && b != '\n'; b = out.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
