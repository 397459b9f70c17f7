package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.agent.bench.BenchmarkRow;
import io.jenkins.plugins.gitops.agent.bench.BenchmarkRow.Ratio;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The measurements of a benchmark of waits, and how they are printed. */
final class WaitMeasurements {
    /** The limit for a wait to report live after the system's own Ready. */
    private static final double REPORTED_MILLIS = 2_000;

    private static final long TIMEOUT_MINUTES = 3;

    private final String prefix = System.getProperty("gitops.bench.name", "");

    /** Returns the milliseconds between two times; negative if the second was earlier. */
    static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    /**
     * Prints a row if it was requested.
     *
     * @param peer null if there is none
     */
    void print(String name, String unit, double goal, List<Double> ours, List<Double> peer) {
        if (name.startsWith(prefix) && !ours.isEmpty()) {
            List<Double> others = peer == null || peer.isEmpty() ? null : peer;
            System.out.println(new BenchmarkRow(name, unit, Ratio.OURS_BY_PEER, goal)
                    .line(ours, others)
                    .text());
        }
    }

    /** Prints a row of times since the system's own Ready, for which the peer is a fixed limit. */
    void printReported(String name, List<Double> ours) {
        print(name, "ms", 1, ours, List.of(REPORTED_MILLIS));
    }

    /** Prints a note, which is not a row. */
    static void note(String text) {
        System.out.println("bench# " + text);
    }

    /** Runs a program to its end. Returns whether it succeeded. */
    static boolean run(Path output, Map<String, String> environment, List<String> line)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(line))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
