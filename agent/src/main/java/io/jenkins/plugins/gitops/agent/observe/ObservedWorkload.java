package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.LiveObject;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The part of a live workload that is kept.
 *
 * @param live the part of any object that the agent keeps
 * @param assessment its health, with the reason found in its pods once they have been read
 * @param release the HelmRelease that it belongs to; null if there is none
 * @param leftOut why Flux does not update it although Git may differ; empty if Flux does
 */
public record ObservedWorkload(
        WorkloadKey key,
        LiveObject live,
        HealthStatus assessment,
        @CheckForNull FluxRef release,
        List<LiveOverride> leftOut) {
    private static final String KUSTOMIZE = "kustomize.toolkit.fluxcd.io/";
    private static final String HELM = "helm.toolkit.fluxcd.io/";

    public ObservedWorkload {
        leftOut = List.copyOf(leftOut);
    }

    /** Reads an object in the API server's format. */
    public static ObservedWorkload of(ResourceKind kind, Map<String, Object> object) {
        WorkloadKey key = WorkloadKey.of(object);
        LiveObject live = LiveObject.of(kind, object);
        return new ObservedWorkload(key, live, live.assessment(), release(object), leftOut(key, object));
    }

    /** Returns a copy with a more detailed health. */
    ObservedWorkload withReason(HealthStatus better) {
        return new ObservedWorkload(key, live, better, release, leftOut);
    }

    /** Returns a copy with another live object. */
    ObservedWorkload withLive(LiveObject other) {
        return new ObservedWorkload(key, other, assessment, release, leftOut);
    }

    /** Whether both lead to the same status. */
    boolean isEquivalentTo(ObservedWorkload other) {
        return assessment.equals(other.assessment)
                && Objects.equals(live.workload(), other.live.workload())
                && live.deleting() == other.live.deleting()
                && Objects.equals(release, other.release)
                && leftOut.equals(other.leftOut);
    }

    @CheckForNull
    private static FluxRef release(Map<String, Object> object) {
        Map<String, Object> labels = JsonTree.map(object, "metadata", "labels");
        String name = JsonTree.text(labels, HELM + "name");
        return name == null ? null : new FluxRef("HelmRelease", JsonTree.textOr("", labels, HELM + "namespace"), name);
    }

    private static List<LiveOverride> leftOut(WorkloadKey key, Map<String, Object> object) {
        Map<String, Object> annotations = JsonTree.map(object, "metadata", "annotations");
        List<LiveOverride> found = new ArrayList<>();
        if ("disabled".equals(JsonTree.text(annotations, KUSTOMIZE + "reconcile"))) {
            found.add(new LiveOverride(KUSTOMIZE + "reconcile: disabled of " + key, null));
        }
        String apply = JsonTree.textOr("", annotations, KUSTOMIZE + "ssa");
        if (apply.equals("Ignore") || apply.equals("IfNotPresent")) {
            found.add(new LiveOverride(KUSTOMIZE + "ssa: " + apply + " of " + key, null));
        }
        return found;
    }
}
