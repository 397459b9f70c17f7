package io.jenkins.plugins.gitops.agent.bench;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One line of the bench: what we take against what a peer takes.
 *
 * @param name for example {@code set-image-50}
 * @param goal the ratio to reach
 * @param faster true: the peer's time over ours, the more the better; false: ours over the peer's, the less the better
 */
record Row(String name, double goal, boolean faster) {

    /**
     * The line for these measurements; nothing else that is printed looks like it.
     *
     * @param ours milliseconds, at least five
     * @param peer milliseconds, as many; null when the peer's program is not on this machine
     */
    String line(List<Double> ours, @CheckForNull List<Double> peer) {
        double own = median(ours);
        if (peer == null) {
            return String.format(
                    Locale.ROOT, "bench %s ours=%.1fms peer=0ms ratio=0 goal=%.1f no-peer", name, own, goal);
        }
        double other = median(peer);
        double ratio = faster ? other / own : own / other;
        boolean met = faster ? ratio >= goal : ratio <= goal;
        return String.format(
                Locale.ROOT,
                "bench %s ours=%.1fms peer=%.1fms ratio=%.2f goal=%.1f %s",
                name,
                own,
                other,
                ratio,
                goal,
                met ? "met" : "short");
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
