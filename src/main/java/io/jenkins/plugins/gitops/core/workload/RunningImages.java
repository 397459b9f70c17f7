package io.jenkins.plugins.gitops.core.workload;

import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Combines the images of several workloads, each listed once. */
public final class RunningImages {
    private RunningImages() {}

    /**
     * Returns each image with the least ready workload that has it, ordered by image.
     *
     * @return at most {@link io.jenkins.plugins.gitops.core.report.Report.Details#MAX_IMAGES}
     */
    public static List<RunningImage> of(Collection<Workload> workloads) {
        Map<String, Workload> byImage = new TreeMap<>();
        for (Workload workload : workloads) {
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
                        e.getValue().message()))
                .toList();
    }
}
