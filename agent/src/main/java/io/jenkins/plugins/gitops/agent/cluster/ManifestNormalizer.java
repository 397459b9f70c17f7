package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Converts a manifest to the fields that the API server stores, so that server-side apply owns exactly those and
 * removes them when they are removed from Git. Argo CD normalizes the same two kinds.
 */
final class ManifestNormalizer {
    private ManifestNormalizer() {}

    /**
     * Returns the manifest itself if there is nothing to convert, otherwise a copy.
     *
     * @throws UserErrorException if a value of {@code stringData} is not a string; the value is not shown
     */
    static Map<String, Object> normalize(Map<String, Object> manifest) throws UserErrorException {
        String apiVersion = JsonTree.textOr("", manifest, "apiVersion");
        String kind = JsonTree.textOr("", manifest, "kind");
        if (apiVersion.equals("v1") && kind.equals("Secret") && manifest.containsKey("stringData")) {
            return withoutStringData(manifest);
        }
        boolean aggregated = apiVersion.startsWith("rbac.authorization.k8s.io/")
                && kind.equals("ClusterRole")
                && manifest.get("aggregationRule") != null;
        return aggregated && manifest.containsKey("rules") ? without(manifest, "rules") : manifest;
    }

    /** {@code stringData} is write-only: the server merges it into {@code data}, which must be owned. */
    private static Map<String, Object> withoutStringData(Map<String, Object> secret) throws UserErrorException {
        Object texts = secret.get("stringData");
        if (texts != null && !(texts instanceof Map<?, ?>)) {
            return secret; // The API server rejects such a Secret with a better message.
        }
        Map<String, Object> copy = without(secret, "stringData");
        if (texts == null || ((Map<?, ?>) texts).isEmpty()) {
            return copy;
        }
        Map<String, Object> data = new LinkedHashMap<>(JsonTree.map(secret, "data"));
        for (Map.Entry<String, Object> text : JsonTree.map(texts).entrySet()) {
            data.put(text.getKey(), encoded(secret, text.getKey(), text.getValue()));
        }
        copy.put("data", data);
        return copy;
    }

    private static String encoded(Map<String, Object> secret, String key, @CheckForNull Object value)
            throws UserErrorException {
        if (value != null && !(value instanceof String)) {
            throw new UserErrorException(
                    "Secret " + JsonTree.textOr("", secret, "metadata", "name") + ": stringData." + key
                            + " is not a string",
                    "Quote the value");
        }
        String text = value == null ? "" : (String) value;
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> without(Map<String, Object> manifest, String field) {
        Map<String, Object> copy = new LinkedHashMap<>(manifest);
        copy.remove(field);
        return copy;
    }
}
