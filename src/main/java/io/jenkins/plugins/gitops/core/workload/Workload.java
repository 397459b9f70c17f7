package io.jenkins.plugins.gitops.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A live object that has a pod template or is a pod.
 *
 * @param label {@code Deployment shop/web}; without a namespace {@code Deployment web}
 * @param images the images of its containers and init containers in the template, each once
 * @param wantsPods whether pods are desired now; false for a CronJob or zero replicas, where there is only the template
 * @param ready whether the desired pods are ready with this template; for a Job, whether it has succeeded
 * @param message why it is not ready, one line; null if it is
 */
public record Workload(
        String label,
        List<String> images,
        boolean wantsPods,
        boolean ready,
        @CheckForNull String message) {
    /** The maximum number of images to read per template. */
    public static final int MAX_IMAGES = 50;

    /** Kinds that have a pod template or are a pod, as {@code group/Kind}. */
    private static final Set<String> KINDS = Set.of(
            "apps/Deployment",
            "apps/StatefulSet",
            "apps/DaemonSet",
            "apps/ReplicaSet",
            "batch/Job",
            "batch/CronJob",
            "/Pod",
            "/ReplicationController",
            "argoproj.io/Rollout",
            "serving.knative.dev/Service");

    public Workload {
        images = List.copyOf(images);
    }

    /**
     * Whether objects of a kind are known to have a pod template. Other kinds may have one, too.
     *
     * @param group API group; empty for the core group
     */
    public static boolean isKnownKind(String group, String kind) {
        return KINDS.contains(group + "/" + kind);
    }

    /**
     * Reads an object of any kind.
     *
     * @param object with {@code apiVersion}, {@code kind}, {@code metadata}, {@code spec} and {@code status}
     * @return empty if it has no pod template
     */
    public static Optional<Workload> read(JsonNode object) {
        String kind = object.path("kind").asText();
        JsonNode pods = podSpec(kind, object.path("spec"));
        List<String> images = new ArrayList<>();
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : pods.path(list)) {
                String image = TextSanitizer.line(container.path("image").asText());
                if (!image.isEmpty() && !images.contains(image) && images.size() < MAX_IMAGES) {
                    images.add(image);
                }
            }
        }
        if (images.isEmpty()) {
            return Optional.empty();
        }
        PodReadiness readiness = PodReadiness.of(group(object.path("apiVersion").asText()), kind, object);
        return Optional.of(new Workload(
                label(object), images, readiness.wantsPods(), readiness.problem() == null, readiness.problem()));
    }

    private static JsonNode podSpec(String kind, JsonNode spec) {
        return switch (kind) {
            case "Pod" -> spec;
            case "CronJob" -> spec.at("/jobTemplate/spec/template/spec");
            default -> spec.at("/template/spec");
        };
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    private static String label(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        String namespace = metadata.path("namespace").asText();
        return TextSanitizer.line(object.path("kind").asText() + " " + (namespace.isEmpty() ? "" : namespace + "/")
                + metadata.path("name").asText());
    }
}
