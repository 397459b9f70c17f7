package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** RFC 6901 on plain trees. */
final class JsonPointer {
    private final List<String> parts = new ArrayList<>();

    JsonPointer(String text) {
        for (String part : text.split("/", -1)) {
            parts.add(part.replace("~1", "/").replace("~0", "~"));
        }
        parts.remove(0); // The part before the first slash is always empty.
    }

    /** Copies the value at this location from one tree to another; removes it if it does not exist. */
    void copy(Map<String, Object> from, Map<String, Object> to) {
        Object value = from;
        Object parent = to;
        for (int i = 0; i < parts.size(); i++) {
            value = step(value, parts.get(i));
            if (i < parts.size() - 1) {
                parent = step(parent, parts.get(i));
            }
        }
        if (parts.isEmpty()) {
            return;
        }
        String last = parts.get(parts.size() - 1);
        if (value == null) {
            remove(parent, last);
        } else if (parent instanceof Map<?, ?>) {
            JsonTree.map(parent).put(last, JsonTree.copyOf(value));
        } else if (parent instanceof List<?> list && index(list, last) >= 0) {
            JsonTree.list(parent).set(index(list, last), JsonTree.copyOf(value));
        }
    }

    private static void remove(@CheckForNull Object parent, String last) {
        if (parent instanceof Map<?, ?>) {
            JsonTree.map(parent).remove(last);
        } else if (parent instanceof List<?> list && index(list, last) >= 0) {
            JsonTree.list(parent).remove(index(list, last));
        }
    }

    @CheckForNull
    private static Object step(@CheckForNull Object here, String part) {
        if (here instanceof Map<?, ?> map) {
            return map.get(part);
        }
        return here instanceof List<?> list && index(list, part) >= 0 ? list.get(index(list, part)) : null;
    }

    private static int index(List<?> list, String part) {
        if (!part.matches("0|[1-9]\\d{0,5}")) {
            return -1;
        }
        int index = Integer.parseInt(part);
        return index < list.size() ? index : -1;
    }
}
