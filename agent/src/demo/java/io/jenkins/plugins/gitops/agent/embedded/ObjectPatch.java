package io.jenkins.plugins.gitops.agent.embedded;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.zjsonpatch.JsonPatch;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A patch that is not server-side apply. */
@FunctionalInterface
interface ObjectPatch {
    /** Returns a patched copy. */
    Map<String, Object> applyTo(Map<String, Object> object) throws ApiStatusException;

    /**
     * Parses a patch.
     *
     * @param type media type of the body; null means JSON patch
     * @throws ApiStatusException 415 for any other type, 400 for a body that does not match the type
     */
    static ObjectPatch parse(@CheckForNull String type, byte[] body) throws ApiStatusException {
        String media = type == null ? "application/json-patch+json" : type.split(";")[0].trim();
        try {
            switch (media) {
                case "application/json-patch+json":
                    JsonNode operations = new ObjectMapper().readTree(body);
                    return object -> jsonPatch(operations, object);
                case "application/merge-patch+json":
                    Map<String, Object> merge = JsonTree.parse(body);
                    return object -> mergePatch(JsonTree.copy(object), merge);
                case "application/strategic-merge-patch+json":
                    Map<String, Object> strategic = JsonTree.parse(body);
                    return object -> ServerSideApply.merge(
                            StructuredMergeSchema.of(JsonTree.text(object, "apiVersion")),
                            JsonTree.copy(object),
                            strategic);
                default:
                    throw ApiStatusException.mediaType(media);
            }
        } catch (IOException e) {
            throw ApiStatusException.badRequest("not a JSON body");
        }
    }

    private static Map<String, Object> jsonPatch(JsonNode operations, Map<String, Object> object)
            throws ApiStatusException {
        ObjectMapper mapper = new ObjectMapper();
        try {
            JsonNode patched = JsonPatch.apply(operations, mapper.valueToTree(object));
            return mapper.convertValue(patched, new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (RuntimeException e) {
            throw ApiStatusException.badRequest("the patch does not fit: " + e.getMessage());
        }
    }

    /** Applies a merge patch of RFC 7386: null deletes, objects merge, everything else replaces. */
    private static Map<String, Object> mergePatch(Map<String, Object> into, Map<String, Object> patch) {
        patch.forEach((key, value) -> {
            if (value == null) {
                into.remove(key);
            } else if (value instanceof Map<?, ?>) {
                Map<String, Object> present =
                        into.get(key) instanceof Map<?, ?> ? JsonTree.map(into, key) : new LinkedHashMap<>();
                into.put(key, mergePatch(present, JsonTree.map(value)));
            } else {
                into.put(key, JsonTree.copyOf(value));
            }
        });
        return into;
    }
}
