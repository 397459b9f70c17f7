package io.jenkins.plugins.gitops.agent.ownership;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which fields of a live object the agent must own before it applies the manifest: server-side apply removes
 * only fields that its own manager and no other owned. Entries of subresources, such as {@code scale} of an autoscaler,
 * and fields that other managers apply are not changed.
 *
 * <p>The rule for replaced managers is that of client-go's {@code csaupgrade}, but used before the first apply:
 * afterwards the API server has already dropped entries in other versions of the kind.
 */
public final class OwnershipPlan {
    /** Whose edits of a list may be reverted if items of Git are missing in it. */
    public enum Edits {
        /** Only those made with kubectl: the items may be new in Git, and a controller may have added others. */
        OF_KUBECTL,
        /**
         * Those of any manager: the object is known to have matched Git before, is being adopted, or cannot be applied.
         */
        OF_ANYONE,
        /** Those of any manager, even if no item of Git is missing: the API server rejects the object with both. */
        DUPLICATES
    }

    private final Map<String, Object> live;
    private final Map<String, Object> desired;
    private final List<ManagedFieldsEntry> before;
    private final List<ManagedFieldsEntry> others = new ArrayList<>();
    private final Set<List<String>> owned = new LinkedHashSet<>();
    private final Set<String> from = new TreeSet<>();
    private final Map<String, List<String>> handedOver = new LinkedHashMap<>();
    /** The agent's entry; if it has none yet, that of the first manager whose fields it takes over. */
    @CheckForNull
    private ManagedFieldsEntry own;

    private boolean leftovers;

    private OwnershipPlan(Map<String, Object> live, Map<String, Object> desired, String manager) {
        this.live = live;
        this.desired = desired;
        this.before = ManagedFieldsEntry.of(live);
        for (ManagedFieldsEntry entry : before) {
            if (entry.isApply() && entry.isOfObject() && entry.manager().equals(manager)) {
                own = entry;
                owned.addAll(entry.fields().paths());
            } else {
                others.add(entry);
            }
        }
    }

    /**
     * The change that is needed before an apply; empty if none is.
     *
     * @param live the object in its current state on the API server
     * @param desired the manifest that will be applied
     * @param manager the agent's own
     */
    public static Optional<OwnershipChange> of(
            Map<String, Object> live,
            Map<String, Object> desired,
            String manager,
            ReplacedManagers replaced,
            Edits edits) {
        OwnershipPlan plan = new OwnershipPlan(live, desired, manager);
        plan.replace(replaced, manager);
        plan.renameStringData();
        plan.handOver();
        new ListEdits(live, desired, plan.before)
                .items(plan.others, plan.owned, edits)
                .forEach(item -> {
                    plan.owned.add(item);
                    plan.leftovers = true;
                });
        plan.takeWhatGitDropped(manager);
        return plan.change(manager);
    }

    private void replace(ReplacedManagers replaced, String manager) {
        for (ManagedFieldsEntry entry : List.copyOf(others)) {
            if (replaced.include(entry) && !entry.fields().paths().isEmpty()) {
                others.remove(entry);
                take(entry, entry.fields().paths(), manager);
            }
        }
    }

    private void take(ManagedFieldsEntry entry, Set<List<String>> paths, String manager) {
        own = own == null ? entry.appliedBy(manager) : own;
        from.add(entry.manager());
        for (List<String> path : paths) {
            if (!path.get(0).equals("f:status")) { // Never in an applied manifest, and must never be removed.
                owned.add(path);
                leftovers |= !isInGit(path) && FieldPaths.valueAt(live, path) != null;
            }
        }
    }

    private boolean isInGit(List<String> path) {
        return FieldPaths.valueAt(desired, path) != null;
    }

    /** The server stores {@code stringData} in {@code data}, where it has no owner. */
    private void renameStringData() {
        if (!"Secret".equals(JsonTree.text(live, "kind"))) {
            return;
        }
        for (List<String> path : List.copyOf(owned)) {
            if (!path.get(0).equals("f:stringData")) {
                continue;
            }
            owned.remove(path);
            if (path.size() == 2) {
                List<String> stored = List.of("f:data", path.get(1));
                owned.add(stored);
                leftovers |= !isInGit(stored) && FieldPaths.valueAt(live, stored) != null;
            }
        }
    }

    /** The agent must give up a field whose value is kept after its removal from Git before it applies the manifest. */
    private void handOver() {
        for (List<String> path : HandedOverFields.of(live, desired)) {
            if (owned.remove(path)) {
                handedOver.put(
                        FieldPaths.describe(path),
                        others.stream()
                                .filter(entry -> entry.fields().paths().contains(path))
                                .map(ManagedFieldsEntry::manager)
                                .distinct()
                                .toList());
            }
        }
    }

    /**
     * Fields that were removed from Git are deleted even if another manager once wrote the same value; list items are
     * deleted as a whole.
     */
    private void takeWhatGitDropped(String manager) {
        Set<List<String>> dropped = new LinkedHashSet<>(owned);
        dropped.removeIf(this::isInGit);
        List<List<String>> items = dropped.stream().filter(FieldPaths::isItem).toList();
        for (int i = 0; i < others.size(); i++) {
            ManagedFieldsEntry entry = others.get(i);
            if (entry.isApply() || !entry.isOfObject()) {
                continue;
            }
            Set<List<String>> taken = new LinkedHashSet<>(entry.fields().paths());
            taken.removeIf(path ->
                    !dropped.contains(path) && items.stream().noneMatch(item -> FieldPaths.startsWith(path, item)));
            if (!taken.isEmpty()) {
                take(entry, taken, manager);
                Set<List<String>> left = new LinkedHashSet<>(entry.fields().paths());
                left.removeAll(taken);
                others.set(i, entry.with(left));
            }
        }
        others.removeIf(entry -> entry.fields().paths().isEmpty());
    }

    private Optional<OwnershipChange> change(String manager) {
        List<ManagedFieldsEntry> after = new ArrayList<>(others);
        if (!owned.isEmpty()) {
            // None of the fields had an owner, so there is no entry to rename.
            ManagedFieldsEntry entry = own == null
                    ? new ManagedFieldsEntry(
                            manager, "Apply", JsonTree.textOr("", desired, "apiVersion"), null, null, OwnedFields.NONE)
                    : own;
            after.add(entry.with(owned));
        }
        // After an empty list, the API server would assign all fields to another manager, "before-first-apply".
        if (after.isEmpty() || Set.copyOf(after).equals(Set.copyOf(before))) {
            return Optional.empty();
        }
        Set<List<String>> notInGit = new LinkedHashSet<>(owned);
        notInGit.removeIf(this::isInGit);
        return Optional.of(new OwnershipChange(
                after.stream().map(ManagedFieldsEntry::toMap).toList(), from, handedOver, leftovers, notInGit));
    }
}
