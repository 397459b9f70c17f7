package io.jenkins.plugins.gitops.core.workload;

import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The images of several workloads, each told once. */
public final class RunningImages {
    private RunningImages() {}

    /**
     * Each image with the least ready of the workloads that have it, in the order of the images.
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
