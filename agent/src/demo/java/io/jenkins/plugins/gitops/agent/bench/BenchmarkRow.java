package io.jenkins.plugins.gitops.agent.bench;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One line of the benchmark output: our measurement and the peer's.
 *
 * @param name for example {@code set-image-50-file-floor}
 * @param unit of both numbers, for example {@code ms}
 * @param ratio how the ratio is computed from the two numbers
 * @param goal the ratio to reach
 */
public record BenchmarkRow(String name, String unit, Ratio ratio, double goal) {
    /** Which of the two numbers is divided by the other. */
    public enum Ratio {
        /** Our time divided by the peer's, at most the goal. */
        OURS_BY_PEER,
        /** The peer's time divided by ours (how many times faster we are), at least the goal. */
        PEER_BY_OURS,
        /** Our rate divided by the peer's (how many times faster we are), at least the goal. */
        RATE
    }

    /**
     * Returns the line for these measurements. Its format differs from all other output, so that it can be parsed.
     *
     * @param ours at least one value
     * @param peer at least one value; null if the row has no peer or its program is not installed
     */
    public Bench.PrintedRow line(List<Double> ours, @CheckForNull List<Double> peer) {
        double own = median(ours);
        if (peer == null) {
            return line(own, 0, 0, "no-peer");
        }
        double other = median(peer);
        double value = ratio == Ratio.PEER_BY_OURS ? other / own : own / other;
        boolean met = ratio == Ratio.OURS_BY_PEER ? value <= goal : value >= goal;
        return line(own, other, value, met ? "met" : "short");
    }

    private Bench.PrintedRow line(double ours, double peer, double value, String verdict) {
        return new Bench.PrintedRow(
                name,
                String.format(
                        Locale.ROOT,
                        "bench %s ours=%.1f%s peer=%.1f%s ratio=%.2f goal=%.1f %s",
                        name,
                        ours,
                        unit,
                        peer,
                        unit,
                        value,
                        goal,
                        verdict));
    }

    public static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
