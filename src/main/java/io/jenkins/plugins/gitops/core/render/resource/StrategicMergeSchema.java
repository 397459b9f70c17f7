package io.jenkins.plugins.gitops.core.render.resource;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * kustomize's knowledge of Kubernetes' types: which lists a strategic merge patch merges, and which kinds are
 * cluster-scoped. From {@code merge-keys.txt}; an unlisted type is merged field by field, and its lists are replaced.
 */
public final class StrategicMergeSchema {
    private static final Map<Gvk, StrategicMergeSchema> BY_KIND = new HashMap<>();
    private static final Set<Gvk> CLUSTER_SCOPED = new HashSet<>();

    static {
        load();
    }

    private final Map<String, StrategicMergeSchema> fields = new HashMap<>();
    private boolean merged;
    private List<String> keys = List.of();
    private StrategicMergeSchema elements;

    private StrategicMergeSchema() {}

    /** The schema of a whole resource; null if the kind is unknown. */
    @CheckForNull
    public static StrategicMergeSchema ofKind(Gvk gvk) {
        return BY_KIND.get(gvk);
    }

    public static boolean isClusterScoped(Gvk gvk) {
        return CLUSTER_SCOPED.contains(gvk);
    }

    @CheckForNull
    public StrategicMergeSchema field(String name) {
        return fields.get(name);
    }

    /** Whether this is a list that is merged with the patch's list. */
    public boolean isMerged() {
        return merged;
    }

    /** The fields that identify an element; empty for a list of scalars. */
    public List<String> keys() {
        return keys;
    }

    @CheckForNull
    public StrategicMergeSchema elements() {
        return elements;
    }

    private static void load() {
        Map<String, StrategicMergeSchema> types = new HashMap<>();
        String section = "";
        for (String line : TableFile.lines("merge-keys.txt")) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
                continue;
            }
            String[] cells = line.split(" ");
            switch (section) {
                case "kinds" -> BY_KIND.put(Gvk.of(cells[0], cells[1]), type(types, cells[2]));
                case "clusterScoped" -> CLUSTER_SCOPED.add(Gvk.of(cells[0], cells[1]));
                default -> type(types, section).fields.put(cells[0], field(types, cells));
            }
        }
    }

    private static StrategicMergeSchema field(Map<String, StrategicMergeSchema> types, String[] cells) {
        if (cells[1].equals("field")) {
            return type(types, cells[3]);
        }
        StrategicMergeSchema list = new StrategicMergeSchema();
        list.merged = true;
        list.keys = cells[2].equals("-") ? List.of() : List.of(cells[2].split(","));
        list.elements = cells[3].equals("-") ? null : type(types, cells[3]);
        return list;
    }

    private static StrategicMergeSchema type(Map<String, StrategicMergeSchema> types, String name) {
        return types.computeIfAbsent(name, any -> new StrategicMergeSchema());
    }
}
