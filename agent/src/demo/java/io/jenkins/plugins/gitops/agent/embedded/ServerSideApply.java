package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Server-side apply as a function of the live object and the configuration: merges by field, reports conflicts with
 * other managers, and removes what the manager applied before and no longer applies.
 */
final class ServerSideApply {
    private ServerSideApply() {}

    /**
     * Applies a configuration.
     *
     * @param live null if the object does not exist
     * @param force takes fields from other managers instead of reporting a conflict
     * @return the new object, with its managers; equal to the live one if nothing changes
     * @throws ApiStatusException 409 if other managers own applied fields with other values
     */
    static Map<String, Object> apply(
            @CheckForNull Map<String, Object> live, Map<String, Object> configuration, String manager, boolean force)
            throws ApiStatusException {
        Map<String, Object> applied = stripped(configuration);
        FieldSet fields = FieldSet.of(applied);
        FieldManagers managers = FieldManagers.of(live);
        List<FieldManagers.ManagerConflict> conflicts =
                live == null ? List.of() : managers.conflicts(manager, fields, live, applied);
        if (!conflicts.isEmpty() && !force) {
            throw ApiStatusException.conflicts(conflicts);
        }
        StructuredMergeSchema schema = StructuredMergeSchema.of(JsonTree.text(applied, "apiVersion"));
        Map<String, Object> result =
                live == null ? JsonTree.copy(applied) : merge(schema, JsonTree.copy(live), applied);
        FieldSet before = managers.applied(manager);
        removeDropped(result, before, fields, managers, manager);
        managers.apply(manager, JsonTree.text(applied, "apiVersion"), fields, conflicts);
        managers.writeTo(result);
        return result;
    }

    private static void removeDropped(
            Map<String, Object> result, FieldSet before, FieldSet now, FieldManagers managers, String manager) {
        List<List<String>> dropped = new ArrayList<>(before.paths());
        dropped.removeIf(path -> now.reaches(path) || managers.isOwnedByOthers(manager, path));
        dropped.sort(Comparator.comparingInt(List::size)); // Items first: their fields contain the keys.
        for (List<String> path : dropped) {
            if (FieldSet.valueAt(result, path) != null) {
                FieldSet.removeAt(result, path);
            }
        }
    }

    private static Map<String, Object> stripped(Map<String, Object> configuration) {
        Map<String, Object> applied = withoutNulls(configuration);
        applied.remove("status");
        Map<String, Object> metadata = JsonTree.map(applied, "metadata");
        List.of("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation")
                .forEach(metadata::remove);
        return applied;
    }

    private static Map<String, Object> withoutNulls(Map<String, Object> tree) {
        Map<String, Object> copy = new LinkedHashMap<>();
        tree.forEach((key, value) -> {
            if (value instanceof Map<?, ?>) {
                copy.put(key, withoutNulls(JsonTree.map(value)));
            } else if (value != null) {
                copy.put(key, JsonTree.copyOf(value));
            }
        });
        return copy;
    }

    /**
     * Merges into the first tree, by the schema; a strategic merge treats values without directives in the same way.
     */
    static Map<String, Object> merge(StructuredMergeSchema schema, Map<String, Object> into, Map<String, Object> from) {
        from.forEach((field, value) -> into.put(field, mergeValue(schema, field, into.get(field), value)));
        return into;
    }

    private static Object mergeValue(
            StructuredMergeSchema schema, String field, @CheckForNull Object live, Object value) {
        if (value instanceof Map<?, ?> && live instanceof Map<?, ?> && !schema.isWhole(field)) {
            return merge(schema, JsonTree.map(live), JsonTree.map(value));
        }
        if (value instanceof List<?> list && live instanceof List<?> present) {
            List<String> keys = schema.keys(field, list);
            if (keys != null && schema.keys(field, present) != null) {
                return mergeItems(schema, JsonTree.list(live), JsonTree.list(value), keys);
            }
            if (schema.isSet(field)) {
                List<Object> union = new ArrayList<>(present);
                list.stream().filter(item -> !union.contains(item)).forEach(union::add);
                return union;
            }
        }
        return JsonTree.copyOf(value);
    }

    private static List<Object> mergeItems(
            StructuredMergeSchema schema, List<Object> live, List<Object> items, List<String> keys) {
        List<Object> left = new ArrayList<>(live);
        List<Object> merged = new ArrayList<>();
        for (Object item : items) {
            Map<String, Object> key = StructuredMergeSchema.keyOf(item, keys);
            Object match = left.stream()
                    .filter(other -> JsonTree.same(StructuredMergeSchema.keyOf(other, keys), key))
                    .findFirst()
                    .orElse(null);
            left.remove(match);
            merged.add(match == null ? JsonTree.copyOf(item) : merge(schema, JsonTree.map(match), JsonTree.map(item)));
        }
        merged.addAll(left);
        return merged;
    }
}
