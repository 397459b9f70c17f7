package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.ownership.OwnedFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields that a manager owns, as paths of {@code f:name}, {@code k:{keys}} and {@code v:value}: the format of
 * {@code fieldsV1} in Kubernetes. Immutable.
 */
final class FieldSet {
    private static final Set<String> NOT_OWNED =
            Set.of("name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields");

    private final Set<List<String>> paths;

    private FieldSet(Set<List<String>> paths) {
        this.paths = paths;
    }

    /** Returns every field that an object sets, without its identity and status. */
    static FieldSet of(Map<String, Object> object) {
        StructuredMergeSchema schema = StructuredMergeSchema.of(JsonTree.text(object, "apiVersion"));
        Set<List<String>> found = new LinkedHashSet<>();
        object.forEach((field, value) -> {
            if (field.equals("metadata")) {
                JsonTree.map(value).forEach((name, item) -> {
                    if (!NOT_OWNED.contains(name)) {
                        collect(schema, List.of("f:metadata", "f:" + name), name, item, found);
                    }
                });
            } else if (!Set.of("apiVersion", "kind", "status").contains(field)) {
                collect(schema, List.of("f:" + field), field, value, found);
            }
        });
        return new FieldSet(found);
    }

    private static void collect(
            StructuredMergeSchema schema,
            List<String> path,
            String field,
            @CheckForNull Object value,
            Set<List<String>> found) {
        if (value == null) {
            return;
        }
        if (value instanceof Map<?, ?> map && !map.isEmpty() && !schema.isWhole(field)) {
            JsonTree.map(value).forEach((name, item) -> collect(schema, and(path, "f:" + name), name, item, found));
            return;
        }
        if (value instanceof List<?> list) {
            List<String> keys = schema.keys(field, list);
            if (keys != null) {
                list.forEach(item -> collectItem(schema, and(path, keyElement(item, keys)), item, found));
                return;
            }
            if (schema.isSet(field)) {
                list.forEach(item -> found.add(and(path, "v:" + JsonTree.format(item))));
                return;
            }
        }
        found.add(path);
    }

    private static void collectItem(
            StructuredMergeSchema schema, List<String> path, Object item, Set<List<String>> found) {
        found.add(path);
        JsonTree.map(item).forEach((name, value) -> collect(schema, and(path, "f:" + name), name, value, found));
    }

    private static List<String> and(List<String> path, String element) {
        List<String> longer = new ArrayList<>(path);
        longer.add(element);
        return List.copyOf(longer);
    }

    private static String keyElement(Object item, List<String> keys) {
        return "k:" + JsonTree.canonical(StructuredMergeSchema.keyOf(item, keys));
    }

    /** Parses {@code fieldsV1}. */
    static FieldSet parse(Map<String, Object> fields) {
        return new FieldSet(OwnedFields.parse(fields).paths());
    }

    /** Formats the set as {@code fieldsV1}. */
    Map<String, Object> format() {
        return new OwnedFields(paths).format();
    }

    Set<List<String>> paths() {
        return paths;
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    boolean contains(List<String> path) {
        return paths.contains(path);
    }

    /** Whether this path or anything below it is owned. */
    boolean reaches(List<String> path) {
        return paths.stream()
                .anyMatch(p ->
                        p.size() >= path.size() && p.subList(0, path.size()).equals(path));
    }

    FieldSet without(Set<List<String>> removed) {
        Set<List<String>> left = new LinkedHashSet<>(paths);
        left.removeAll(removed);
        return new FieldSet(left);
    }

    FieldSet with(Set<List<String>> added) {
        Set<List<String>> all = new LinkedHashSet<>(paths);
        all.addAll(added);
        return new FieldSet(all);
    }

    /** Returns the value at a path of an object; null if there is none. */
    @CheckForNull
    static Object valueAt(@CheckForNull Object object, List<String> path) {
        Object here = object;
        for (String element : path) {
            here = step(here, element);
        }
        return here;
    }

    @CheckForNull
    private static Object step(@CheckForNull Object here, String element) {
        String rest = element.substring(2);
        if (element.startsWith("f:")) {
            return here instanceof Map<?, ?> map ? map.get(rest) : null;
        }
        Object wanted = value(rest);
        for (Object item : JsonTree.list(here)) {
            boolean found = element.startsWith("k:")
                    ? JsonTree.same(
                            StructuredMergeSchema.keyOf(
                                    item, List.copyOf(JsonTree.map(wanted).keySet())),
                            wanted)
                    : JsonTree.same(item, wanted);
            if (found) {
                return item;
            }
        }
        return null;
    }

    @CheckForNull
    private static Object value(String json) {
        try {
            return JsonTree.parseValue(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException("Not a field path: " + json, e);
        }
    }

    /** Removes the value at a path of an object, and the maps that are empty after that. */
    static void removeAt(Map<String, Object> object, List<String> path) {
        List<String> parentPath = path.subList(0, path.size() - 1);
        Object parent = valueAt(object, parentPath);
        String last = path.get(path.size() - 1);
        if (last.startsWith("f:")) {
            JsonTree.map(parent).remove(last.substring(2));
        } else {
            Object item = step(parent, last);
            JsonTree.list(parent).removeIf(other -> other == item);
        }
        boolean empty =
                parent instanceof Map<?, ?> map && map.isEmpty() || parent instanceof List<?> list && list.isEmpty();
        if (empty
                && parentPath.size() > 1
                && parentPath.get(parentPath.size() - 1).startsWith("f:")) {
            removeAt(object, parentPath);
        }
    }

    /** Formats a path as the API server names a field: {@code .spec.template.spec.containers[name="api"].image}. */
    static String display(List<String> path) {
        StringBuilder text = new StringBuilder();
        for (String element : path) {
            String rest = element.substring(2);
            if (element.startsWith("f:")) {
                text.append('.').append(rest);
            } else if (element.startsWith("v:")) {
                text.append('[').append(rest).append(']');
            } else {
                text.append('[');
                List<String> keys = new ArrayList<>();
                JsonTree.map(value(rest)).forEach((k, v) -> keys.add(k + "=" + JsonTree.format(v)));
                text.append(String.join(",", keys)).append(']');
            }
        }
        return text.toString();
    }
}
