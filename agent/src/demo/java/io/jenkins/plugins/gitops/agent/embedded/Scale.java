package io.jenkins.plugins.gitops.agent.embedded;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scale subresource of a workload. */
final class Scale {
    private Scale() {}

    /** Returns the {@code Scale} object of a workload. */
    static Map<String, Object> of(Map<String, Object> workload) {
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("kind", "Scale");
        scale.put("apiVersion", "autoscaling/v1");
        Map<String, Object> metadata = JsonTree.child(scale, "metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.put(field, JsonTree.at(workload, "metadata", field));
        }
        JsonTree.child(scale, "spec").put("replicas", JsonTree.numberOr(1, workload, "spec", "replicas"));
        JsonTree.child(scale, "status").put("replicas", JsonTree.numberOr(0, workload, "status", "replicas"));
        return scale;
    }
}
