package io.jenkins.plugins.gitops.core.workload;

import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Combines the images of several workloads, each listed once. */
public final class RunningImages {
    private RunningImages() {}

    /**
     * Returns each image with the least ready workload that has it, and with the digests of all workloads, ordered by
     * image.
     *
     * @return at most {@link io.jenkins.plugins.gitops.core.report.Report.Details#MAX_IMAGES}
     */
    public static List<RunningImage> of(Collection<Workload> workloads) {
        Map<String, Workload> byImage = new TreeMap<>();
        Map<String, Set<String>> digests = new HashMap<>();
        for (Workload workload : workloads) {
            workload.digests().forEach((image, known) -> digests.computeIfAbsent(image, i -> new TreeSet<>())
                    .addAll(known));
            for (String image : workload.images()) {
                byImage.merge(image, workload, (one, other) -> one.ready() && !other.ready() ? other : one);
            }
        }
        return byImage.entrySet().stream()
                .limit(Report.Details.MAX_IMAGES)
                .map(e -> new RunningImage(
                        e.getKey(),
                        e.getValue().label(),
                        e.getValue().ready(),
                        e.getValue().message(),
                        digests.getOrDefault(e.getKey(), Set.of()).stream()
                                .limit(RunningImage.MAX_DIGESTS)
                                .toList()))
                .toList();
    }
}
