package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The usual case of {@link KeyedLists}, without its scans: every element has all keys, and no two of a list have the
 * same
 * ones.
 */
final class DistinctLists {
    private final StrategicMerge merge;
    private final Node target;
    private final Map<List<String>, Node> targets;
    private final Map<List<String>, Node> patches;
    private final MergeSchema elements;

    private DistinctLists(
            StrategicMerge merge,
            Node target,
            Map<List<String>, Node> targets,
            Map<List<String>, Node> patches,
            @CheckForNull MergeSchema elements) {
        this.merge = merge;
        this.target = target;
        this.targets = targets;
        this.patches = patches;
        this.elements = elements;
    }

    /** Null when the lists are not of this kind. */
    @CheckForNull
    static DistinctLists of(StrategicMerge merge, Node target, @CheckForNull Node patch, MergeSchema schema) {
        boolean severalKeys = schema.keys().size() > 1 && patch != null;
        if (schema.keys().isEmpty() || severalKeys || patch == target) {
            return null;
        }
        Map<List<String>, Node> targets = byIdentity(target.items(), schema.keys());
        Map<List<String>, Node> patches = byIdentity(patch == null ? List.of() : patch.items(), schema.keys());
        return targets == null || patches == null
                ? null
                : new DistinctLists(merge, target, targets, patches, schema.elements());
    }

    @CheckForNull
    private static Map<List<String>, Node> byIdentity(List<Node> items, List<String> keys) {
        Map<List<String>, Node> byIdentity = new LinkedHashMap<>();
        for (Node item : items) {
            List<String> identity = new ArrayList<>(keys.size());
            for (String key : keys) {
                Node field = item.get(key);
                if (Node.isNilOrEmpty(field) || field.text().isEmpty()) {
                    return null;
                }
                identity.add(field.text());
            }
            if (byIdentity.put(identity, item) != null) {
                return null;
            }
        }
        return byIdentity;
    }

    Node merge() throws RefusedException {
        Map<List<String>, Node> merged = new LinkedHashMap<>();
        for (Map.Entry<List<String>, Node> patch : patches.entrySet()) {
            Node present = targets.remove(patch.getKey());
            Node element = merge.merge(present, patch.getValue(), elements);
            if (element != null && !element.isNull() && !element.isEmptyMap()) {
                // Where the patch says to replace an element, kustomize keeps it nevertheless.
                merged.put(patch.getKey(), present == null ? element : present);
            }
        }
        for (Map.Entry<List<String>, Node> rest : targets.entrySet()) {
            merge.merge(rest.getValue(), null, elements);
            merged.put(rest.getKey(), rest.getValue());
        }
        if (patches.isEmpty()) {
            return target;
        }
        Node list = Node.list();
        list.items().addAll(merged.values());
        return list;
    }
}
