package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How objects are sent, as the {@code Accept} header of a request asks for. */
enum Representation {
    /** As they are. */
    FULL,
    /** As {@code PartialObjectMetadata} of {@code meta.k8s.io/v1}. */
    METADATA;

    private static final String META = "meta.k8s.io/v1";

    /** The first media type that is served here counts. */
    static Representation of(@CheckForNull String accept) {
        String first = accept == null ? "" : accept.split(",")[0];
        return first.contains("as=PartialObjectMetadata") ? METADATA : FULL;
    }

    /** One object. */
    Map<String, Object> of(Map<String, Object> object) {
        if (this == FULL) {
            return object;
        }
        Map<String, Object> partial = new LinkedHashMap<>();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", META);
        partial.put("metadata", object.get("metadata"));
        return partial;
    }

    /** All objects of a kind. */
    Map<String, Object> list(ResourceKind kind, long version, List<Map<String, Object>> items) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("kind", this == FULL ? kind.kind() + "List" : "PartialObjectMetadataList");
        list.put("apiVersion", this == FULL ? kind.apiVersion() : META);
        list.put("metadata", Map.of("resourceVersion", Long.toString(version)));
        list.put("items", items.stream().map(this::of).toList());
        return list;
    }
}
