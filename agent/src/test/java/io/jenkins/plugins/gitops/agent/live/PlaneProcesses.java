package io.jenkins.plugins.gitops.agent.live;

import java.io.File;
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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Programs that a test runs: started, killed and paused by name. They end with this JVM, even if it is killed, since
 * {@code kube/watch-owner} stops them.
 */
final class PlaneProcesses implements AutoCloseable {
    private static final long END_SECONDS = 30;

    private final Path kube = Path.of(System.getProperty("gitops.root", "."), "kube")
            .toAbsolutePath()
            .normalize();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Map<String, ProcessCommand> commands = new LinkedHashMap<>();
    private final Map<String, Process> running = new LinkedHashMap<>();

    private record ProcessCommand(List<String> line, Map<String, String> environment) {}

    /**
     * Starts without programs.
     *
     * @param folder a folder that nothing else uses, for the programs' output and the list of processes; created if
     *     missing
     */
    PlaneProcesses(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        String owner = Long.toString(ProcessHandle.current().pid());
        launch(
                "watch-owner",
                new ProcessCommand(
                        List.of(kube.resolve("watch-owner").toString(), owner, startTime(owner), folder.toString()),
                        Map.of()));
    }

    /** Returns currently free ports on the loopback interface. */
    static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Starts a program; {@link #restart} starts it again in the same way. */
    synchronized void start(String name, Map<String, String> environment, List<String> line) throws IOException {
        ProcessCommand command = new ProcessCommand(line, environment);
        commands.put(name, command);
        launch(name, command);
    }

    private void launch(String name, ProcessCommand command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.line())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        builder.environment().putAll(command.environment());
        Process process = builder.start();
        running.put(name, process);
        if (!name.equals("watch-owner")) {
            String line = process.pid() + " " + startTime(Long.toString(process.pid())) + " " + name + "\n";
            Files.writeString(folder.resolve("processes"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /**
     * Returns the start time in the format of {@code kube/processes.sh}, so that another process with a reused pid is
     * not ended.
     */
    private String startTime(String pid) throws IOException {
        Process process = new ProcessBuilder(
                        "bash", "-c", "source \"$0\" && start_time \"$1\" || echo ended", processes(), pid)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    }

    private String processes() {
        return kube.resolve("processes.sh").toString();
    }

    /** Kills a program, as a failed node would. */
    synchronized void kill(String name) {
        end(running.get(name), true);
    }

    /** Asks a program to end, and waits until it has. */
    synchronized void stop(String name) {
        end(running.get(name), false);
    }

    /** Starts a program again after it has ended. */
    synchronized void restart(String name) throws IOException {
        launch(name, commands.get(name));
    }

    /** Pauses or resumes a program. */
    synchronized void freeze(String name, boolean frozen) throws IOException, InterruptedException {
        String pid = Long.toString(running.get(name).pid());
        new ProcessBuilder("kill", frozen ? "-STOP" : "-CONT", pid).start().waitFor();
    }

    synchronized boolean isRunning(String name) {
        return running.containsKey(name) && running.get(name).isAlive();
    }

    /** Waits until a program answers 200 at a URL. */
    void awaitOk(String name, String url, Duration timeout) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        Awaitility.await(name + " answers; see " + log(name))
                .atMost(timeout)
                .failFast(name + " has ended; see " + log(name), () -> !isRunning(name))
                // The program does not listen yet.
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> http.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == HttpURLConnection.HTTP_OK);
    }

    /** Returns the file with the output of a program. */
    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    @Override
    public synchronized void close() {
        List<Process> all = new ArrayList<>(running.values());
        // In reverse order: programs that others depend on end later, and watch-owner ends last.
        for (int i = all.size() - 1; i >= 0; i--) {
            end(all.get(i), true);
        }
        running.clear();
    }

    private static void end(Process process, boolean atOnce) {
        try {
            if (atOnce) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
