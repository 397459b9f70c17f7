package io.jenkins.plugins.gitops.agent.ownership;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Summarizes the owners of an object's fields, without those of subresources. */
public final class FieldOwners {
    private FieldOwners() {}

    /** The manager that applied the object, if no other has written to it. */
    public static Optional<String> onlyApplier(Map<String, Object> object) {
        List<Object> entries = entries(object);
        return entries.size() == 1 && "Apply".equals(JsonTree.text(entries.get(0), "operation"))
                ? Optional.ofNullable(JsonTree.text(entries.get(0), "manager"))
                : Optional.empty();
    }

    /** All managers and their fields, as a text for comparison, without the times. */
    public static String describe(Map<String, Object> object) {
        return JsonTree.canonical(
                entries(object).stream().map(FieldOwners::withoutTime).toList());
    }

    private static List<Object> entries(Map<String, Object> object) {
        return JsonTree.list(object, "metadata", "managedFields").stream()
                .filter(entry -> JsonTree.textOr("", entry, "subresource").isEmpty())
                .toList();
    }

    private static Map<String, Object> withoutTime(Object entry) {
        Map<String, Object> copy = new LinkedHashMap<>(JsonTree.map(entry));
        copy.remove("time");
        return copy;
    }
}
