package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import io.jenkins.plugins.gitops.core.workload.RunningImages;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An application's resources, Git's side and the cluster's, at one moment.
 *
 * @param resources in the order in which they are applied, then those that Git no longer holds
 * @param warnings about namespaces that other applications hold, too
 */
public record Comparison(List<ResourceState> resources, List<String> warnings) {
    public Comparison {
        resources = List.copyOf(resources);
        warnings = List.copyOf(warnings);
    }

    /** One without warnings. */
    public Comparison(List<ResourceState> resources) {
        this(resources, List.of());
    }

    /** Whether something can only be applied, or refused, when other applications were rendered. */
    public boolean isApplyUndecided() {
        return resources.stream().anyMatch(r -> r.desired() != null && r.difference() == Difference.UNDECIDED);
    }

    /** What Git no longer holds for this application, and may hold for another one that is still to be rendered. */
    public List<ResourceState> undecidedPrunes() {
        return resources.stream()
                .filter(r -> r.desired() == null && r.difference() == Difference.UNDECIDED)
                .toList();
    }

    /** Whether something is not pruned since an application that cannot be rendered may hold it. */
    public boolean isPruneWithheld() {
        return resources.stream().anyMatch(r -> r.difference() == Difference.WITHHELD);
    }

    /** Whether the cluster holds what Git says, and of this application nothing else but what is kept on request. */
    public boolean isInSync() {
        return resources.stream().allMatch(r -> r.difference() == Difference.SAME || r.difference() == Difference.KEPT);
    }

    /** Whether there is something to apply or prune; what is being deleted already only has to be waited for. */
    public boolean needsWork() {
        return requiresApply()
                || toPrune().stream()
                        .anyMatch(r -> r.live() != null && !r.live().deleting());
    }

    /** Whether something has to be applied. */
    public boolean requiresApply() {
        return resources.stream().anyMatch(r -> r.desired() != null && r.difference() != Difference.SAME);
    }

    /**
     * What cannot be applied as it is now, and may be without a change in Git: unknown kinds and refused objects.
     *
     * @param drift whether everything else that differs is among them, so that a drift changes the answer, too
     */
    Set<String> blockers(boolean drift) {
        return resources.stream()
                .filter(r -> r.desired() != null && r.difference() != Difference.SAME)
                .filter(r -> drift || r.id() == null || r.isRefused())
                .map(r -> r.label() + " " + r.difference())
                .collect(Collectors.toSet());
    }

    /** Whether the agent's configuration does not permit something that Git holds, so that nothing is applied. */
    public boolean isNotPermitted() {
        return !notPermitted().isEmpty();
    }

    /** What Git holds and the agent's configuration does not permit. */
    List<ResourceState> notPermitted() {
        return resources.stream()
                .filter(r -> r.difference() == Difference.NOT_PERMITTED)
                .toList();
    }

    /** What Git no longer holds, and is not to be kept. */
    public List<ResourceState> toPrune() {
        return resources.stream()
                .filter(r -> r.difference() == Difference.REQUIRES_PRUNING)
                .toList();
    }

    /** Whether pruning would leave nothing, since Git holds nothing. */
    public boolean wouldPruneEverything() {
        return !toPrune().isEmpty() && resources.stream().allMatch(r -> r.desired() == null);
    }

    /** What the live workloads run that Git holds. */
    public List<RunningImage> running() {
        return RunningImages.of(resources.stream()
                .filter(r -> r.desired() != null && r.live() != null)
                .map(r -> r.live().workload())
                .filter(Objects::nonNull)
                .toList());
    }

    /** The worst health of what is live; Missing when nothing is, though something should be. */
    public Health health() {
        Optional<Health> worst = resources.stream()
                .filter(r -> r.difference() != Difference.KEPT)
                .filter(r -> r.assessment() != null && r.assessment().health() != null)
                .map(r -> r.assessment().health())
                .reduce(Health::worse);
        boolean nothingLive = resources.stream().noneMatch(r -> r.live() != null || r.difference() == Difference.SAME);
        return nothingLive && !resources.isEmpty() ? Health.MISSING : worst.orElse(Health.HEALTHY);
    }
}
