package io.jenkins.plugins.gitops.agent.ownership;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One entry of {@code metadata.managedFields}.
 *
 * @param operation {@code Apply} or {@code Update}
 * @param apiVersion version of the fields
 * @param subresource through which they were written, for example {@code scale}; null for the object itself
 */
record ManagedFieldsEntry(
        String manager,
        String operation,
        String apiVersion,
        @CheckForNull String time,
        @CheckForNull String subresource,
        OwnedFields fields) {
    private static final String APPLY = "Apply";

    static List<ManagedFieldsEntry> of(Map<String, Object> object) {
        return JsonTree.list(object, "metadata", "managedFields").stream()
                .map(entry -> new ManagedFieldsEntry(
                        JsonTree.textOr("", entry, "manager"),
                        JsonTree.textOr("", entry, "operation"),
                        JsonTree.textOr("", entry, "apiVersion"),
                        JsonTree.text(entry, "time"),
                        JsonTree.text(entry, "subresource"),
                        OwnedFields.parse(JsonTree.map(entry, "fieldsV1"))))
                .toList();
    }

    boolean isApply() {
        return APPLY.equals(operation);
    }

    /** Whether the fields were written to the object itself, not through a subresource. */
    boolean isOfObject() {
        return subresource == null || subresource.isEmpty();
    }

    /** Returns an entry with the same fields, applied by another manager. */
    ManagedFieldsEntry appliedBy(String other) {
        return new ManagedFieldsEntry(other, APPLY, apiVersion, time, null, fields);
    }

    ManagedFieldsEntry with(Set<List<String>> paths) {
        return new ManagedFieldsEntry(manager, operation, apiVersion, time, subresource, new OwnedFields(paths));
    }

    Map<String, Object> toMap() {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("manager", manager);
        entry.put("operation", operation);
        entry.put("apiVersion", apiVersion);
        if (time != null) {
            entry.put("time", time);
        }
        entry.put("fieldsType", "FieldsV1");
        entry.put("fieldsV1", fields.format());
        if (subresource != null) {
            entry.put("subresource", subresource);
        }
        return entry;
    }
}
