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
 * What is seen of the workloads that one object of Flux or Argo CD applied, also through HelmReleases.
 *
 * @param workloads those that are there
 * @param missing those that should be there and are not
 * @param releases the HelmReleases among what was applied
 * @param unseen why some workloads cannot be seen, one line; null when all can
 */
public record WorkloadInventory(
        List<ObservedWorkload> workloads,
        List<WorkloadKey> missing,
        List<FluxObject> releases,
        @CheckForNull String unseen) {
    /** Of an object that applied nothing with pods. */
    public static final WorkloadInventory EMPTY = new WorkloadInventory(List.of(), List.of(), List.of(), null);

    public WorkloadInventory {
        workloads = List.copyOf(workloads);
        missing = List.copyOf(missing);
        releases = List.copyOf(releases);
    }

    /** What runs; null when some workloads cannot be seen, so that nobody knows. */
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

    /** Images in the order of their names. */
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

    /** What keeps Flux from bringing some of them to what Git says. */
    List<LiveOverride> exclusions() {
        return workloads.stream().flatMap(w -> w.leftOut().stream()).toList();
    }

    /** Those that are not healthy. */
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

    /** A release that failed is tried again, until Flux says that it is stalled. */
    private static Health health(FluxObject release) {
        if (release.stalled().isTrue()) {
            return Health.DEGRADED;
        }
        return release.ready().isTrue() && release.current() && !release.isReconciling()
                ? Health.HEALTHY
                : Health.PROGRESSING;
    }

    /** Kinds that were judged here, as {@code Kind/namespace/name}. */
    Set<String> assessedKinds() {
        return workloads.stream()
                .filter(w -> w.assessment().health() != null)
                .map(w -> w.key().toString())
                .collect(Collectors.toSet());
    }
}
