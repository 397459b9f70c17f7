package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.LiveObject;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import io.jenkins.plugins.gitops.core.workload.RunningImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The observed state of the workloads that one object of Flux or Argo CD applied, including those of HelmReleases.
 *
 * @param workloads the existing workloads
 * @param missing the workloads that should exist and do not
 * @param releases the HelmReleases among the applied objects
 * @param unseen why some workloads cannot be read, one line; null if all can
 */
public record WorkloadInventory(
        List<ObservedWorkload> workloads,
        List<WorkloadKey> missing,
        List<FluxObject> releases,
        @CheckForNull String unseen) {
    /** The inventory of an object that applied nothing with pods. */
    public static final WorkloadInventory EMPTY = new WorkloadInventory(List.of(), List.of(), List.of(), null);

    public WorkloadInventory {
        workloads = List.copyOf(workloads);
        missing = List.copyOf(missing);
        releases = List.copyOf(releases);
    }

    /** The running images; null if some workloads cannot be read. */
    @CheckForNull
    List<RunningImage> running() {
        return unseen != null
                ? null
                : RunningImages.of(workloads.stream()
                        .map(ObservedWorkload::live)
                        .filter(live -> !live.deleting())
                        .map(LiveObject::workload)
                        .filter(Objects::nonNull)
                        .toList());
    }

    /** The images, ordered by name. */
    List<String> images() {
        return workloads.stream()
                .map(w -> w.live().workload())
                .filter(Objects::nonNull)
                .flatMap(w -> w.images().stream())
                .distinct()
                .sorted()
                .limit(Report.Details.MAX_IMAGES)
                .toList();
    }

    /** Settings that prevent Flux from syncing some of the workloads with Git. */
    List<LiveOverride> exclusions() {
        return workloads.stream().flatMap(w -> w.leftOut().stream()).toList();
    }

    /** The workloads that are not healthy. */
    List<ResourceStatus> unhealthy() {
        List<ResourceStatus> found = new ArrayList<>();
        for (ObservedWorkload workload : workloads) {
            Health health = workload.assessment().health();
            if (health != null && health != Health.HEALTHY) {
                found.add(resource(workload.key(), health, workload.assessment().message()));
            }
        }
        missing.forEach(key -> found.add(resource(key, Health.MISSING, null)));
        for (FluxObject release : releases) {
            Health health = health(release);
            if (health != Health.HEALTHY) {
                FluxRef ref = release.ref();
                found.add(resource(
                        new WorkloadKey("", ref.kind(), ref.namespace(), ref.name()),
                        health,
                        release.suspended()
                                ? "it is suspended"
                                : release.ready().message()));
            }
        }
        return found;
    }

    private static ResourceStatus resource(WorkloadKey key, Health health, @CheckForNull String message) {
        return new ResourceStatus(
                key.kind(),
                key.namespace().isEmpty() ? null : key.namespace(),
                key.name(),
                SyncState.SYNCED.wireName(),
                health.wireName(),
                message == null || message.isEmpty() ? null : message);
    }

    /** A failed release is retried until Flux reports that it is stalled. */
    private static Health health(FluxObject release) {
        if (release.stalled().isTrue()) {
            return Health.DEGRADED;
        }
        return release.ready().isTrue() && release.current() && !release.isReconciling()
                ? Health.HEALTHY
                : Health.PROGRESSING;
    }

    /** The objects that were assessed here, such as {@code Deployment shop/web}. */
    Set<String> assessedKinds() {
        return workloads.stream()
                .filter(w -> w.assessment().health() != null)
                .map(w -> w.key().toString())
                .collect(Collectors.toSet());
    }
}
