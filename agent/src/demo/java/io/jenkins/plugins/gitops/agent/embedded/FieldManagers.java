package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The owners of the fields of an object: {@code metadata.managedFields}. Modified in place while one request is
 * handled.
 */
final class FieldManagers {
    static final String APPLY = "Apply";
    static final String UPDATE = "Update";

    private final List<ManagerFields> entries = new ArrayList<>();

    private record Id(
            String manager, String operation, @CheckForNull String subresource) {}

    private static final class ManagerFields {
        private final Id id;
        private final String apiVersion;
        private String time;
        private FieldSet fields;

        private ManagerFields(Id id, String apiVersion, String time, FieldSet fields) {
            this.id = id;
            this.apiVersion = apiVersion;
            this.time = time;
            this.fields = fields;
        }
    }

    /** A field that another manager owns with another value. */
    record ManagerConflict(String manager, String operation, List<String> path) {}

    /** Reads an object's managers; none for null. */
    static FieldManagers of(@CheckForNull Map<String, Object> object) {
        FieldManagers managers = new FieldManagers();
        for (Object item : JsonTree.list(object, "metadata", "managedFields")) {
            managers.entries.add(new ManagerFields(
                    new Id(
                            JsonTree.text(item, "manager"),
                            JsonTree.text(item, "operation"),
                            JsonTree.text(item, "subresource")),
                    JsonTree.text(item, "apiVersion"),
                    JsonTree.text(item, "time"),
                    FieldSet.parse(JsonTree.map(item, "fieldsV1"))));
        }
        return managers;
    }

    /** Returns what a manager applied last; empty if nothing. */
    FieldSet applied(String manager) {
        Id id = new Id(manager, APPLY, null);
        return entries.stream()
                .filter(e -> e.id.equals(id))
                .map(e -> e.fields)
                .findFirst()
                .orElse(FieldSet.parse(Map.of()));
    }

    /** Returns the fields of a configuration that others own with other values. */
    List<ManagerConflict> conflicts(
            String manager, FieldSet applied, Map<String, Object> live, Map<String, Object> configuration) {
        List<ManagerConflict> conflicts = new ArrayList<>();
        for (ManagerFields managerFields : entries) {
            if (managerFields.id.equals(new Id(manager, APPLY, null))) {
                continue;
            }
            for (List<String> path : applied.paths()) {
                boolean item = !path.get(path.size() - 1).startsWith("f:");
                boolean nothing = FieldSet.valueAt(configuration, path) instanceof Map<?, ?> map && map.isEmpty();
                if (!item
                        && !nothing
                        && managerFields.fields.contains(path)
                        && !JsonTree.same(FieldSet.valueAt(live, path), FieldSet.valueAt(configuration, path))) {
                    conflicts.add(new ManagerConflict(managerFields.id.manager(), managerFields.id.operation(), path));
                }
            }
        }
        return conflicts;
    }

    /** Whether anything other than this manager's own apply owns the path or something below it. */
    boolean isOwnedByOthers(String manager, List<String> path) {
        Id own = new Id(manager, APPLY, null);
        return entries.stream().anyMatch(e -> !e.id.equals(own) && e.fields.reaches(path));
    }

    /** Records what a manager applied. It takes ownership of conflicting fields from the others. */
    void apply(String manager, String apiVersion, FieldSet applied, List<ManagerConflict> taken) {
        Set<List<String>> paths = new LinkedHashSet<>();
        taken.forEach(conflict -> paths.add(conflict.path()));
        takeFromOthers(new Id(manager, APPLY, null), paths);
        set(new Id(manager, APPLY, null), apiVersion, applied);
    }

    /**
     * Records an update: the manager then owns the fields that it changed, and the fields that it removed have no
     * owner.
     */
    void update(
            String manager,
            @CheckForNull String subresource,
            @CheckForNull Map<String, Object> before,
            Map<String, Object> after) {
        FieldSet now = FieldSet.of(after);
        Set<List<String>> changed = new LinkedHashSet<>();
        for (List<String> path : now.paths()) {
            if (before == null || !JsonTree.same(FieldSet.valueAt(before, path), FieldSet.valueAt(after, path))) {
                changed.add(path);
            }
        }
        entries.forEach(managerFields -> {
            Set<List<String>> gone = new LinkedHashSet<>(managerFields.fields.paths());
            gone.removeIf(path -> FieldSet.valueAt(after, path) != null);
            managerFields.fields = managerFields.fields.without(gone);
        });
        if (!changed.isEmpty()) {
            Id id = new Id(manager, UPDATE, subresource);
            changed.removeIf(path -> !path.get(path.size() - 1).startsWith("f:") && before != null && owned(path));
            takeFromOthers(id, changed);
            FieldSet own = entries.stream()
                    .filter(e -> e.id.equals(id))
                    .map(e -> e.fields)
                    .findFirst()
                    .orElse(FieldSet.parse(Map.of()));
            set(id, JsonTree.text(after, "apiVersion"), own.with(changed));
        }
        entries.removeIf(entry -> entry.fields.isEmpty());
    }

    private boolean owned(List<String> path) {
        return entries.stream().anyMatch(e -> e.fields.contains(path));
    }

    private void takeFromOthers(Id id, Set<List<String>> paths) {
        entries.stream().filter(e -> !e.id.equals(id)).forEach(e -> e.fields = e.fields.without(paths));
        entries.removeIf(e -> e.fields.isEmpty());
    }

    private void set(Id id, String apiVersion, FieldSet fields) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        for (ManagerFields managerFields : entries) {
            if (managerFields.id.equals(id)) {
                if (!managerFields.fields.paths().equals(fields.paths())) {
                    managerFields.fields = fields;
                    managerFields.time = now;
                }
                return;
            }
        }
        entries.add(new ManagerFields(id, apiVersion, now, fields));
    }

    /** Writes the managers into an object. */
    void writeTo(Map<String, Object> object) {
        List<Object> list = new ArrayList<>();
        for (ManagerFields managerFields : entries) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("manager", managerFields.id.manager());
            item.put("operation", managerFields.id.operation());
            item.put("apiVersion", managerFields.apiVersion);
            item.put("time", managerFields.time);
            item.put("fieldsType", "FieldsV1");
            item.put("fieldsV1", managerFields.fields.format());
            if (managerFields.id.subresource() != null) {
                item.put("subresource", managerFields.id.subresource());
            }
            list.add(item);
        }
        JsonTree.child(object, "metadata").put("managedFields", list);
    }
}
