package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The merge rules of the built-in kinds: which lists are maps by keys, which are sets, and which maps are atomic.
 * Objects of any other kind have granular maps and atomic lists, as kinds without a schema do.
 */
final class StructuredMergeSchema {
    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry("containers", List.of("name")),
            Map.entry("initContainers", List.of("name")),
            Map.entry("ephemeralContainers", List.of("name")),
            Map.entry("env", List.of("name")),
            Map.entry("volumes", List.of("name")),
            Map.entry("volumeMounts", List.of("mountPath")),
            Map.entry("volumeDevices", List.of("devicePath")),
            Map.entry("imagePullSecrets", List.of("name")),
            Map.entry("secrets", List.of("name")),
            Map.entry("hostAliases", List.of("ip")),
            Map.entry("topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
            Map.entry("conditions", List.of("type")),
            Map.entry("ownerReferences", List.of("uid")),
            Map.entry("webhooks", List.of("name")));
    private static final Set<String> SETS = Set.of("finalizers");
    private static final Set<String> WHOLE_MAPS = Set.of(
            "selector",
            "matchLabelSelector",
            "nodeSelector",
            "configMapKeyRef",
            "secretKeyRef",
            "fieldRef",
            "resourceFieldRef",
            "namespaceSelector",
            "podSelector",
            "labelSelector");

    private final boolean builtIn;

    private StructuredMergeSchema(boolean builtIn) {
        this.builtIn = builtIn;
    }

    /** Returns the schema for objects of an {@code apiVersion}. */
    static StructuredMergeSchema of(@CheckForNull String apiVersion) {
        int slash = apiVersion == null ? -1 : apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return new StructuredMergeSchema(!group.contains(".") || group.endsWith(".k8s.io"));
    }

    /** Returns the keys that identify the items of a list; null if the list has none. */
    @CheckForNull
    List<String> keys(String field, List<?> items) {
        boolean objects = !items.isEmpty() && items.stream().allMatch(Map.class::isInstance);
        if (!objects || !builtIn && !field.equals("ownerReferences")) {
            return null;
        }
        if (field.equals("ports")) {
            return items.stream().allMatch(item -> JsonTree.at(item, "containerPort") != null)
                    ? List.of("containerPort", "protocol")
                    : List.of("port", "protocol");
        }
        List<String> keys = KEYS.get(field);
        return keys != null && items.stream().allMatch(item -> JsonTree.at(item, keys.get(0)) != null) ? keys : null;
    }

    /** Whether a list is a set of values. */
    boolean isSet(String field) {
        return SETS.contains(field);
    }

    /** Whether a map is atomic, that is, replaced as a whole. */
    boolean isWhole(String field) {
        return builtIn && WHOLE_MAPS.contains(field);
    }

    /** Returns the values of an item's keys; an omitted protocol is TCP. */
    static Map<String, Object> keyOf(Object item, List<String> keys) {
        Map<String, Object> key = new LinkedHashMap<>();
        for (String name : keys) {
            Object value = JsonTree.at(item, name);
            key.put(name, value == null && name.equals("protocol") ? "TCP" : value);
        }
        return key;
    }
}
