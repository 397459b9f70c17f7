package io.jenkins.plugins.gitops.core.render.patch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.resource.StrategicMergeSchema;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The usual case of {@link AssociativeListMerge}, without its scans: every element has all keys, and no two elements of
 * a list have the same keys.
 */
final class UniqueKeyListMerge {
    private final StrategicMerge merge;
    private final YamlValue target;
    private final Map<List<String>, YamlValue> targets;
    private final Map<List<String>, YamlValue> patches;
    private final StrategicMergeSchema elements;

    private UniqueKeyListMerge(
            StrategicMerge merge,
            YamlValue target,
            Map<List<String>, YamlValue> targets,
            Map<List<String>, YamlValue> patches,
            @CheckForNull StrategicMergeSchema elements) {
        this.merge = merge;
        this.target = target;
        this.targets = targets;
        this.patches = patches;
        this.elements = elements;
    }

    /** Null if the lists do not meet these conditions. */
    @CheckForNull
    static UniqueKeyListMerge of(
            StrategicMerge merge, YamlValue target, @CheckForNull YamlValue patch, StrategicMergeSchema schema) {
        boolean severalKeys = schema.keys().size() > 1 && patch != null;
        if (schema.keys().isEmpty() || severalKeys || patch == target) {
            return null;
        }
        Map<List<String>, YamlValue> targets = byIdentity(target.items(), schema.keys());
        Map<List<String>, YamlValue> patches = byIdentity(patch == null ? List.of() : patch.items(), schema.keys());
        return targets == null || patches == null
                ? null
                : new UniqueKeyListMerge(merge, target, targets, patches, schema.elements());
    }

    @CheckForNull
    private static Map<List<String>, YamlValue> byIdentity(List<YamlValue> items, List<String> keys) {
        Map<List<String>, YamlValue> byIdentity = new LinkedHashMap<>();
        for (YamlValue item : items) {
            List<String> identity = new ArrayList<>(keys.size());
            for (String key : keys) {
                YamlValue field = item.get(key);
                if (YamlValue.isNilOrEmpty(field) || field.text().isEmpty()) {
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

    YamlValue merge() throws UserErrorException {
        Map<List<String>, YamlValue> merged = new LinkedHashMap<>();
        for (Map.Entry<List<String>, YamlValue> patch : patches.entrySet()) {
            YamlValue present = targets.remove(patch.getKey());
            YamlValue element = merge.merge(present, patch.getValue(), elements);
            if (element != null && !element.isNull() && !element.isEmptyMap()) {
                // kustomize keeps the existing element even if the patch says to replace it.
                merged.put(patch.getKey(), present == null ? element : present);
            }
        }
        for (Map.Entry<List<String>, YamlValue> rest : targets.entrySet()) {
            merge.merge(rest.getValue(), null, elements);
            merged.put(rest.getKey(), rest.getValue());
        }
        if (patches.isEmpty()) {
            return target;
        }
        YamlValue list = YamlValue.list();
        list.items().addAll(merged.values());
        return list;
    }
}
