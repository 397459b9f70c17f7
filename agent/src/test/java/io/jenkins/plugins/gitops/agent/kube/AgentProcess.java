package io.jenkins.plugins.gitops.agent.kube;

import io.jenkins.plugins.gitops.agent.cli.Main;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent in a separate process on the {@link ControlPlane}, with the permissions of an administrator. */
final class AgentProcess implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final URI ready;
    private final HttpClient http = HttpClient.newHttpClient();

    private AgentProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.ready = URI.create("http://127.0.0.1:" + port + "/readyz");
    }

    /**
     * Starts an agent of {@link GeneratedApplications}.
     *
     * @param options of the JVM
     * @param folder for its configuration, log and clone; a second process may reuse it
     * @param repository URL of the config repository
     */
    static AgentProcess start(List<String> options, Path folder, String repository) throws IOException {
        Files.createDirectories(folder);
        int port = freePort();
        Path config = Files.writeString(folder.resolve("agent.yaml"), """
                name: bench
                repository:
                  url: %s
                  aliases:
                  - https://git.example.com/config.git
                applications: %s
                cluster:
                  kubeconfig: %s
                cacheFolder: cache
                health:
                  port: %d
                """.formatted(
                repository, GeneratedApplications.FOLDER, ControlPlane.shared().kubeconfig(), port));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "agent",
                "--config",
                config.toString()));
        Path log = folder.resolve("agent.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new AgentProcess(process, log, port);
    }

    /** Returns the JVM options of agent/Dockerfile, for a container with this much memory. */
    static List<String> imageOptions(int limitMebibytes) throws IOException {
        Path file = Path.of(System.getProperty("gitops.root", "."), "agent", "Dockerfile");
        String prefix = "ENTRYPOINT ";
        String entryPoint = Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new IOException(file + " has no ENTRYPOINT"));
        byte[] json = entryPoint.substring(prefix.length()).getBytes(StandardCharsets.UTF_8);
        List<String> options = new ArrayList<>();
        for (Object word : JsonTree.list(JsonTree.parseValue(json))) {
            if (word.equals("-jar")) {
                break;
            }
            options.add((String) word);
        }
        options.remove("java");
        // In a container, the JVM reads this from the container's limits.
        options.add("-XX:MaxRAM=" + limitMebibytes + "m");
        return options;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether it has read Git and compared every application. */
    boolean isReady() throws InterruptedException {
        try {
            return http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false; // The process does not listen yet.
        }
    }

    /**
     * Returns what it has used so far.
     *
     * @throws IllegalStateException if it has ended; the message contains the end of its log
     */
    ProcessUsage usage() throws IOException {
        requireAlive();
        return ProcessUsage.of(process.pid());
    }

    /**
     * Requires that the process is running.
     *
     * @throws IllegalStateException if it has ended; the message contains the end of its log
     */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            throw new IllegalStateException("the agent has ended with status " + process.exitValue() + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
