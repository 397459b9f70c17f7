package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Determines the running images from the Application alone. {@code status.summary.images} contains those of live pods;
 * the result of the last sync contains the images of the applied workloads, including workloads without pods. One
 * comparison writes sync, health and summary, so Synced and Healthy describe the same workloads as the summary.
 */
final class PodImages {
    private final JsonNode status;
    private final boolean synced;
    private final boolean healthy;
    private final boolean ignoresImages;
    private final Map<String, RunningImage> found = new LinkedHashMap<>();

    private PodImages(JsonNode status, List<LiveOverride> overrides) {
        this.status = status;
        this.synced = SyncState.of(JsonNodes.text(status, "sync", "status")) == SyncState.SYNCED;
        this.healthy = Health.of(JsonNodes.text(status, "health", "status")) == Health.HEALTHY;
        this.ignoresImages = overrides.stream().anyMatch(o -> o.place().equals(SourceOverrides.IGNORE_DIFFERENCES));
    }

    /** Null if the live objects must be read. */
    @CheckForNull
    static List<RunningImage> of(JsonNode status, List<LiveOverride> overrides) {
        PodImages images = new PodImages(status, overrides);
        images.ofPods();
        images.ofAppliedWorkloads();
        if (images.found.isEmpty() && images.mayHaveWorkloads()) {
            return null;
        }
        return images.found.values().stream().limit(Report.Details.MAX_IMAGES).toList();
    }

    private void ofPods() {
        for (JsonNode node : JsonNodes.at(status, "summary", "images")) {
            String image = JsonNodes.line(node.asText());
            if (image != null) {
                found.put(image, ofPods(image));
            }
        }
    }

    private RunningImage ofPods(String image) {
        String others = otherTags(image);
        String workload = workloadOf(image);
        String label = workload == null ? "pods" : workload;
        if (!synced || !healthy) {
            return new RunningImage(image, label, false, "the application is not Synced and Healthy");
        }
        boolean keepsFinishedPods = workload != null && isJob(workload);
        return others == null || keepsFinishedPods
                ? new RunningImage(image, label, true, null)
                : new RunningImage(image, label, false, "pods with " + others + " still exist");
    }

    /** Adds workloads of the last sync without pods: a CronJob, zero replicas, or a Job whose pods were removed. */
    private void ofAppliedWorkloads() {
        if (!synced || ignoresImages) {
            return;
        }
        for (JsonNode resource : JsonNodes.at(status, "operationState", "syncResult", "resources")) {
            if (!isAppliedWorkload(resource)) {
                continue;
            }
            String label = label(resource);
            for (JsonNode node : JsonNodes.at(resource, "images")) {
                String image = JsonNodes.line(node.asText());
                if (image == null || found.containsKey(image)) {
                    continue;
                }
                String others = isJob(label) ? null : otherTags(image);
                boolean ready = healthy && others == null;
                String message =
                        others == null ? "the application is not Healthy" : "pods with " + others + " are running";
                found.put(image, new RunningImage(image, label, ready, ready ? null : message));
            }
        }
    }

    private static boolean isAppliedWorkload(JsonNode resource) {
        return JsonNodes.text(resource, "hookType").isEmpty()
                && JsonNodes.text(resource, "status").equals("Synced")
                && Workload.isKnownKind(JsonNodes.text(resource, "group"), JsonNodes.text(resource, "kind"));
    }

    @CheckForNull
    private String workloadOf(String image) {
        for (JsonNode resource : JsonNodes.at(status, "operationState", "syncResult", "resources")) {
            for (JsonNode applied : JsonNodes.at(resource, "images")) {
                if (applied.asText().equals(image) && isAppliedWorkload(resource)) {
                    return label(resource);
                }
            }
        }
        return null;
    }

    private static String label(JsonNode resource) {
        String namespace = JsonNodes.text(resource, "namespace");
        return JsonNodes.text(resource, "kind") + " " + (namespace.isEmpty() ? "" : namespace + "/")
                + JsonNodes.text(resource, "name");
    }

    private static boolean isJob(String label) {
        return label.startsWith("Job ") || label.startsWith("CronJob ");
    }

    /** Images of the same name that pods have but no applied workload has; null if there are none. */
    @CheckForNull
    private String otherTags(String image) {
        List<String> others = new ArrayList<>();
        for (JsonNode node : JsonNodes.at(status, "summary", "images")) {
            String other = node.asText();
            // The image of an applied workload is not a leftover of another.
            if (!other.equals(image) && name(other).equals(name(image)) && workloadOf(other) == null) {
                others.add(other);
            }
        }
        return others.isEmpty() ? null : JsonNodes.line(String.join(", ", others));
    }

    private static String name(String image) {
        String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }

    private boolean mayHaveWorkloads() {
        for (JsonNode resource : JsonNodes.at(status, "resources")) {
            if (ManagedWorkload.isCandidate(resource)) {
                return true;
            }
        }
        return false;
    }
}
