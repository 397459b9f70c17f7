package io.jenkins.plugins.gitops.agent.ownership;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan.Edits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds list items whose key was edited manually, such as a container with another name or a port with another number.
 * Server-side apply treats those as additional items: the item in Git is added beside the edited one, so that a
 * container runs twice or the object is invalid.
 */
final class ListEdits {
    private static final String KUBECTL = "kubectl";

    private final Map<String, Object> live;
    private final Map<String, Object> desired;
    /** The lists with keys according to some manager, with the names of the keys. */
    private final Map<List<String>, Set<String>> lists = new LinkedHashMap<>();

    ListEdits(Map<String, Object> live, Map<String, Object> desired, List<ManagedFieldsEntry> managers) {
        this.live = live;
        this.desired = desired;
        for (ManagedFieldsEntry entry : managers) {
            entry.fields().paths().forEach(this::addLists);
        }
    }

    private void addLists(List<String> path) {
        for (int i = 1; i < path.size(); i++) {
            if (path.get(i).startsWith("k:")) {
                lists.putIfAbsent(
                        path.subList(0, i), FieldPaths.keys(path.get(i)).keySet());
            }
        }
    }

    /**
     * The items that replaced items in Git.
     *
     * @param others the managers except the agent's own
     * @param owned the fields that the agent owns, or will own anyway
     */
    Set<List<String>> items(List<ManagedFieldsEntry> others, Set<List<String>> owned, Edits edits) {
        Set<List<String>> found = new LinkedHashSet<>();
        lists.forEach((list, keyNames) -> {
            List<Object> inGit = JsonTree.list(FieldPaths.valueAt(desired, list));
            List<Object> there = JsonTree.list(FieldPaths.valueAt(live, list));
            boolean complete = inGit.stream().allMatch(item -> isIn(there, item, keyNames));
            if (inGit.isEmpty() || complete && edits != Edits.DUPLICATES) {
                return;
            }
            for (Object item : there) {
                List<String> path = path(list, FieldPaths.element(item, keyNames));
                if (!isIn(inGit, item, keyNames) && !owned.contains(path) && mayTake(path, others, edits)) {
                    found.add(path);
                }
            }
        });
        return found;
    }

    private static boolean isIn(List<Object> items, Object item, Set<String> keyNames) {
        Map<String, Object> keys = FieldPaths.keys(FieldPaths.element(item, keyNames));
        return items.stream().anyMatch(other -> FieldPaths.matches(other, keys));
    }

    private static List<String> path(List<String> list, String element) {
        List<String> path = new ArrayList<>(list);
        path.add(element);
        return List.copyOf(path);
    }

    private static boolean mayTake(List<String> item, List<ManagedFieldsEntry> others, Edits edits) {
        List<ManagedFieldsEntry> owners = others.stream()
                .filter(entry -> entry.fields().paths().stream().anyMatch(path -> FieldPaths.startsWith(path, item)))
                .toList();
        return switch (edits) {
            case OF_ANYONE, DUPLICATES -> owners.stream().noneMatch(ManagedFieldsEntry::isApply);
            case OF_KUBECTL ->
                !owners.isEmpty()
                        && owners.stream()
                                .allMatch(o -> !o.isApply() && o.manager().startsWith(KUBECTL));
        };
    }
}
