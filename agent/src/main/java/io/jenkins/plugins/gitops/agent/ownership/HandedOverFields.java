package io.jenkins.plugins.gitops.agent.ownership;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fields whose live value is kept when they are removed from Git. Otherwise the server's default would apply until
 * their next owner acts: one replica instead of the autoscaler's number, or a ClusterRole without rules.
 */
final class HandedOverFields {
    private static final List<String> REPLICAS = List.of("f:spec", "f:replicas");
    private static final List<String> RULES = List.of("f:rules");

    private HandedOverFields() {}

    static List<List<String>> of(Map<String, Object> live, Map<String, Object> desired) {
        List<List<String>> fields = new ArrayList<>();
        if (JsonTree.at(live, "spec", "replicas") instanceof Number
                && JsonTree.at(desired, "spec", "replicas") == null) {
            fields.add(REPLICAS);
        }
        if ("ClusterRole".equals(JsonTree.text(desired, "kind"))
                && desired.get("aggregationRule") != null
                && !desired.containsKey("rules")) {
            fields.add(RULES);
        }
        return fields;
    }
}
