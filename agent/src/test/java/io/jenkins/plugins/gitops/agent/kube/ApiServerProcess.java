package io.jenkins.plugins.gitops.agent.kube;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The process of the API server in a control plane of {@code kube/up}, which can be killed, restarted, paused and
 * resumed.
 */
public final class ApiServerProcess {
    private static final String NAME = "kube-apiserver";

    private final Path processes;
    private final Path log;
    private final int port;
    private ProcessHandle process;
    private List<String> command;

    /**
     * Finds the process.
     *
     * @param folder the folder of the plane, in which {@code kube/up} records the processes as "pid start-time name"
     */
    ApiServerProcess(Path folder, int port) throws IOException {
        this.processes = folder.resolve("processes");
        this.log = folder.resolve("logs").resolve(NAME + "-restarted");
        this.port = port;
        long pid = Files.readAllLines(processes).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals(NAME))
                .mapToLong(fields -> Long.parseLong(fields[0]))
                .findFirst()
                .orElseThrow();
        process = ProcessHandle.of(pid).orElseThrow();
        command = new ArrayList<>(List.of(process.info().command().orElseThrow()));
        command.addAll(List.of(process.info().arguments().orElseThrow()));
    }

    /** Kills it with SIGKILL, so that it does not shut down properly. */
    public void kill() throws Exception {
        process.destroyForcibly();
        process.onExit().get(60, TimeUnit.SECONDS);
    }

    /** Starts it as before, on the same port; returns when it listens. {@code kube/down} ends it, too. */
    public void start() throws Exception {
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
        process = started.toHandle();
        Files.writeString(processes, process.pid() + " " + startTime() + " " + NAME + "\n", StandardOpenOption.APPEND);
        Awaitility.await("the API server listens again; see " + log)
                .atMost(Duration.ofMinutes(2))
                .failFast("the API server ended; see " + log, () -> !process.isAlive())
                .until(this::listens);
    }

    /** Pauses it: it keeps its connections and accepts new ones, but does not respond. */
    public void freeze() throws Exception {
        signal("STOP");
    }

    public void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill -" + name + " failed");
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the start time in the unit of {@code kube/processes.sh}. */
    private String startTime() throws Exception {
        Process reader = new ProcessBuilder(
                        "bash", "-c", ". \"$1\"; start_time \"$2\"", "bash", script(), Long.toString(process.pid()))
                .start();
        String time = new String(reader.getInputStream().readAllBytes()).trim();
        if (reader.waitFor() != 0) {
            throw new IllegalStateException("the API server ended early; see " + log);
        }
        return time;
    }

    private static String script() {
        return ControlPlane.scripts().resolve("processes.sh").toString();
    }
}
