package io.jenkins.plugins.gitops.agent.ownership;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The content of {@code fieldsV1}: a set of {@link FieldPaths paths}. Immutable. */
public record OwnedFields(Set<List<String>> paths) {
    private static final String SELF = ".";
    static final OwnedFields NONE = new OwnedFields(Set.of());

    /** Parses {@code fieldsV1}. */
    public static OwnedFields parse(Map<String, Object> fieldsV1) {
        Set<List<String>> found = new LinkedHashSet<>();
        collect(List.of(), fieldsV1, found);
        return new OwnedFields(found);
    }

    private static void collect(List<String> path, Map<String, Object> fields, Set<List<String>> found) {
        if (fields.isEmpty() && !path.isEmpty()) {
            found.add(path);
        }
        fields.forEach((element, children) -> {
            if (element.equals(SELF)) {
                found.add(path);
            } else {
                List<String> longer = new ArrayList<>(path);
                longer.add(element);
                collect(List.copyOf(longer), JsonTree.map(children), found);
            }
        });
    }

    /** Formats {@code fieldsV1}. */
    public Map<String, Object> format() {
        Map<String, Object> fields = new LinkedHashMap<>();
        paths.forEach(path -> JsonTree.child(fields, path.toArray(String[]::new)));
        for (List<String> path : paths) {
            Map<String, Object> node = JsonTree.child(fields, path.toArray(String[]::new));
            if (!node.isEmpty()) {
                node.put(SELF, new LinkedHashMap<String, Object>());
            }
        }
        return fields;
    }
}
