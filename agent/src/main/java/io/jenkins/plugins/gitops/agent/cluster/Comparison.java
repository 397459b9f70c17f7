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
 * An application's resources in Git and in the cluster, at one moment.
 *
 * @param resources in the order of application, followed by those that were removed from Git
 * @param warnings about namespaces that other applications have, too
 */
public record Comparison(List<ResourceState> resources, List<String> warnings) {
    public Comparison {
        resources = List.copyOf(resources);
        warnings = List.copyOf(warnings);
    }

    /** Creates a comparison without warnings. */
    public Comparison(List<ResourceState> resources) {
        this(resources, List.of());
    }

    /** Whether some resource can be applied, or rejected, only after other applications were rendered. */
    public boolean isApplyUndecided() {
        return resources.stream().anyMatch(r -> r.desired() != null && r.difference() == Difference.UNDECIDED);
    }

    /**
     * The resources that this application no longer has in Git, and that another application may have that is not
     * rendered yet.
     */
    public List<ResourceState> undecidedPrunes() {
        return resources.stream()
                .filter(r -> r.desired() == null && r.difference() == Difference.UNDECIDED)
                .toList();
    }

    /** Whether some resource is not pruned because an application that cannot be rendered may have it. */
    public boolean isPruneWithheld() {
        return resources.stream().anyMatch(r -> r.difference() == Difference.WITHHELD);
    }

    /** Whether the cluster matches Git, and all other resources of this application are kept on request. */
    public boolean isInSync() {
        return resources.stream().allMatch(r -> r.difference() == Difference.SAME || r.difference() == Difference.KEPT);
    }

    /** Whether anything must be applied or pruned; a resource that is already being deleted does not count. */
    public boolean needsWork() {
        return requiresApply()
                || toPrune().stream()
                        .anyMatch(r -> r.live() != null && !r.live().deleting());
    }

    /** Whether anything must be applied. */
    public boolean requiresApply() {
        return resources.stream().anyMatch(r -> r.desired() != null && r.difference() != Difference.SAME);
    }

    /**
     * The resources that cannot be applied now, but may be without a change in Git: unknown kinds and rejected objects.
     *
     * @param drift whether to include all other differences, so that drift changes the result, too
     */
    Set<String> blockers(boolean drift) {
        return resources.stream()
                .filter(r -> r.desired() != null && r.difference() != Difference.SAME)
                .filter(r -> drift || r.id() == null || r.isRefused())
                .map(r -> r.label() + " " + r.difference())
                .collect(Collectors.toSet());
    }

    /** Whether the agent's configuration does not permit some resource in Git, so that nothing is applied. */
    public boolean isNotPermitted() {
        return !notPermitted().isEmpty();
    }

    /** The resources in Git that the agent's configuration does not permit. */
    List<ResourceState> notPermitted() {
        return resources.stream()
                .filter(r -> r.difference() == Difference.NOT_PERMITTED)
                .toList();
    }

    /** The resources that were removed from Git and are not to be kept. */
    public List<ResourceState> toPrune() {
        return resources.stream()
                .filter(r -> r.difference() == Difference.REQUIRES_PRUNING)
                .toList();
    }

    /** Whether pruning would delete everything, since Git has no resources. */
    public boolean wouldPruneEverything() {
        return !toPrune().isEmpty() && resources.stream().allMatch(r -> r.desired() == null);
    }

    /** The images of the live workloads that are in Git. */
    public List<RunningImage> running() {
        return RunningImages.of(resources.stream()
                .filter(r -> r.desired() != null && r.live() != null)
                .map(r -> r.live().workload())
                .filter(Objects::nonNull)
                .toList());
    }

    /** The worst health of the live resources; Missing if none is live although some should be. */
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
