package io.jenkins.plugins.gitops.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param selector the labels that select exactly its pods; empty if it is selected by more than labels, or is a Job
 * @param digests the digests that its ready pods run, by image; images without an entry are unknown
 */
public record Workload(
        String label,
        List<String> images,
        boolean wantsPods,
        boolean ready,
        @CheckForNull String message,
        Map<String, String> selector,
        Map<String, List<String>> digests) {
    /** The maximum number of images to read per template. */
    public static final int MAX_IMAGES = 50;

    private static final int MAX_LABELS = 20;

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
        selector = Map.copyOf(selector);
        digests = Map.copyOf(digests);
    }

    /** Creates a workload whose pods are unknown. */
    public Workload(String label, List<String> images, boolean wantsPods, boolean ready, @CheckForNull String message) {
        this(label, images, wantsPods, ready, message, Map.of(), Map.of());
    }

    /** Returns a copy with the digests of its pods. */
    public Workload withDigests(Map<String, List<String>> known) {
        return new Workload(label, images, wantsPods, ready, message, selector, known);
    }

    /** Whether only its pods show which digest runs: they are ready, and an image is set by tag. */
    public boolean hasUnknownDigests() {
        return wantsPods && ready && !selector.isEmpty() && images.stream().anyMatch(image -> image.indexOf('@') < 0);
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
                label(object),
                images,
                readiness.wantsPods(),
                readiness.problem() == null,
                readiness.problem(),
                selector(kind, object.path("spec").path("selector")),
                kind.equals("Pod") ? PodDigests.of(List.of(object), images) : Map.of()));
    }

    /** Empty for a Job, since finished pods run nothing, and for selectors with expressions. */
    private static Map<String, String> selector(String kind, JsonNode selector) {
        boolean plain = kind.equals("ReplicationController");
        JsonNode labels = plain ? selector : selector.path("matchLabels");
        boolean sufficient = plain || selector.path("matchExpressions").isEmpty();
        Map<String, String> found = new LinkedHashMap<>();
        if (sufficient && !kind.equals("Job") && labels.size() <= MAX_LABELS) {
            labels.fields()
                    .forEachRemaining(e -> found.put(e.getKey(), e.getValue().asText()));
        }
        return found;
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
