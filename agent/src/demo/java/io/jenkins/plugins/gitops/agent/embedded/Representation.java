package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The form in which objects are sent, as requested by the {@code Accept} header. */
enum Representation {
    /** Whole objects. */
    FULL,
    /** {@code PartialObjectMetadata} of {@code meta.k8s.io/v1}. */
    METADATA;

    private static final String META = "meta.k8s.io/v1";

    /** Returns the representation of the first media type that is supported here. */
    static Representation of(@CheckForNull String accept) {
        String first = accept == null ? "" : accept.split(",")[0];
        return first.contains("as=PartialObjectMetadata") ? METADATA : FULL;
    }

    /** Represents one object. */
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

    /** Represents all objects of a kind. */
    Map<String, Object> list(ResourceKind kind, long version, List<Map<String, Object>> items) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("kind", this == FULL ? kind.kind() + "List" : "PartialObjectMetadataList");
        list.put("apiVersion", this == FULL ? kind.apiVersion() : META);
        list.put("metadata", Map.of("resourceVersion", Long.toString(version)));
        list.put("items", items.stream().map(this::of).toList());
        return list;
    }
}
