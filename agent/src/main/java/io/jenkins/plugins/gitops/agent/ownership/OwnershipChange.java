package io.jenkins.plugins.gitops.agent.ownership;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A change of {@code metadata.managedFields} to make before the next apply.
 *
 * @param managedFields the complete new value
 * @param from managers whose fields the agent takes over, sorted
 * @param handedOver the fields that were removed from Git and keep their live value, each with the managers that own it
 *     from now on
 * @param leftovers whether the next apply removes fields because of this change, so that the object differs from Git
 * @param notInGit fields that the next apply may remove
 */
public record OwnershipChange(
        List<Map<String, Object>> managedFields,
        Set<String> from,
        Map<String, List<String>> handedOver,
        boolean leftovers,
        Set<List<String>> notInGit) {

    /** The fields that an apply removed, without nested ones. Fields that the server set again are not included. */
    public List<String> removed(Map<String, Object> before, Map<String, Object> after) {
        List<List<String>> gone = new ArrayList<>();
        notInGit.stream()
                .filter(path -> FieldPaths.valueAt(before, path) != null && FieldPaths.valueAt(after, path) == null)
                .sorted((one, other) -> Integer.compare(one.size(), other.size()))
                .filter(path -> gone.stream().noneMatch(above -> FieldPaths.startsWith(path, above)))
                .forEach(gone::add);
        return gone.stream().map(FieldPaths::describe).sorted().toList();
    }

    /** Why the object differs from Git, for the status of a resource. */
    public String reason() {
        String fields = notInGit.stream()
                .filter(FieldPaths::isItem)
                .map(FieldPaths::describe)
                .sorted()
                .limit(2)
                .collect(Collectors.joining(", "));
        return "has fields that are not in Git, owned by " + String.join(", ", from)
                + (fields.isEmpty() ? "" : ": " + fields);
    }

    /** The JSON patch with the change, which fails if the object has changed since it was read. */
    public List<Map<String, Object>> patch(Map<String, Object> live) {
        // Uses "replace" instead of "test", so that the response to an outdated version is 409 Conflict, as in
        // client-go.
        return List.of(
                Map.of("op", "replace", "path", "/metadata/managedFields", "value", managedFields),
                Map.of(
                        "op",
                        "replace",
                        "path",
                        "/metadata/resourceVersion",
                        "value",
                        JsonTree.textOr("", live, "metadata", "resourceVersion")));
    }
}
