package io.jenkins.plugins.gitops.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageDigest;
import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads which digests ready pods run, as reported by the container runtime. Depending on the runtime this is the digest of
 * an index of several platforms, or of the manifest of one platform.
 */
public final class PodDigests {
    private static final int MAX_LENGTH = 1_000;
    private static final String SCHEME_END = "://";

    private PodDigests() {}

    /**
     * Returns the digests of images.
     *
     * @param pods the pods as returned by the API server; pods that are not ready or are being deleted are ignored
     * @param images the images of the pod template; other images are ignored
     * @return sorted digests by image, at most {@link RunningImage#MAX_DIGESTS} each; images without an entry are unknown
     */
    public static Map<String, List<String>> of(Collection<JsonNode> pods, Collection<String> images) {
        Map<String, TreeSet<String>> found = new TreeMap<>();
        for (JsonNode pod : pods) {
            if (isReady(pod)) {
                add(pod, "initContainers", "initContainerStatuses", images, found);
                add(pod, "containers", "containerStatuses", images, found);
            }
        }
        return found.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().stream()
                .limit(RunningImage.MAX_DIGESTS)
                .toList()));
    }

    private static boolean isReady(JsonNode pod) {
        if (pod.at("/metadata").hasNonNull("deletionTimestamp")) {
            return false;
        }
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** The status has the runtime's name of the image, so the template's name is read from the spec. */
    private static void add(
            JsonNode pod,
            String containers,
            String statuses,
            Collection<String> images,
            Map<String, TreeSet<String>> found) {
        for (JsonNode container : pod.path("spec").path(containers)) {
            String image = container.path("image").asText();
            String name = container.path("name").asText();
            if (!images.contains(image)) {
                continue;
            }
            for (JsonNode status : pod.path("status").path(statuses)) {
                String digest = status.path("name").asText().equals(name)
                        ? digest(status.path("imageID").asText(), image)
                        : null;
                if (digest != null) {
                    found.computeIfAbsent(image, i -> new TreeSet<>()).add(digest);
                }
            }
        }
    }

    /**
     * Returns the digest in an {@code imageID}, such as {@code docker-pullable://ghcr.io/org/web@sha256:...}.
     *
     * @param image the image in the pod's template
     * @return null if the id has no digest of this repository: it may be the id of the configuration, or the digest in another
     *     repository from which the same image was pulled
     */
    @CheckForNull
    static String digest(String imageId, String image) {
        if (imageId.length() > MAX_LENGTH) {
            return null;
        }
        int scheme = imageId.indexOf(SCHEME_END);
        String reference = scheme < 0 ? imageId : imageId.substring(scheme + SCHEME_END.length());
        int at = reference.indexOf('@');
        if (at <= 0) {
            // The id of the configuration, which is not a digest in a registry.
            return null;
        }
        NormalizedImage pulled = NormalizedImage.of(reference);
        String digest = pulled.digest();
        return digest != null && pulled.hasNameOf(NormalizedImage.of(image)) && ImageDigest.isValid(digest)
                ? digest
                : null;
    }
}
