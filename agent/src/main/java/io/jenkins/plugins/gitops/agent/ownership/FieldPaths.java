package io.jenkins.plugins.gitops.agent.ownership;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Paths in the format of {@code fieldsV1}: {@code f:name} is a field, <code>k:{"name":"web"}</code> the item of a list
 * with these keys, {@code v:value} an item of a set.
 */
final class FieldPaths {
    private FieldPaths() {}

    static boolean isItem(List<String> path) {
        return !path.isEmpty() && path.get(path.size() - 1).startsWith("k:");
    }

    static boolean startsWith(List<String> path, List<String> prefix) {
        return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
    }

    /** The value at a path of an object; null if there is none. */
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
            return JsonTree.at(here, rest);
        }
        for (Object item : JsonTree.list(here)) {
            boolean found = element.startsWith("k:") ? matches(item, keys(element)) : JsonTree.same(item, parse(rest));
            if (found) {
                return item;
            }
        }
        return null;
    }

    /** The keys of a {@code k:} element. */
    static Map<String, Object> keys(String element) {
        return JsonTree.map(parse(element.substring(2)));
    }

    /** The {@code k:} element of an item, in the API server's format. */
    static String element(Object item, Set<String> keyNames) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keyNames.forEach(name -> keys.put(name, key(item, name)));
        return "k:" + JsonTree.canonical(keys);
    }

    /** Whether an item has these keys; a missing key with an unknown default counts as equal. */
    static boolean matches(Object item, Map<String, Object> keys) {
        return keys.entrySet().stream().allMatch(key -> {
            Object value = key(item, key.getKey());
            return value == null || key.getValue() == null || JsonTree.same(value, key.getValue());
        });
    }

    /** The only default of a key in the built-in kinds is the protocol of a port. */
    @CheckForNull
    private static Object key(Object item, String name) {
        Object value = JsonTree.at(item, name);
        return value == null && name.equals("protocol") ? "TCP" : value;
    }

    /** {@code .spec.template.spec.containers[name="web"].image}, as the API server writes a field in a conflict. */
    static String describe(List<String> path) {
        StringBuilder text = new StringBuilder();
        for (String element : path) {
            if (element.startsWith("f:")) {
                text.append('.').append(element.substring(2));
            } else if (element.startsWith("k:")) {
                text.append('[');
                keys(element).forEach((key, value) -> text.append(text.charAt(text.length() - 1) == '[' ? "" : ",")
                        .append(key)
                        .append('=')
                        .append(JsonTree.format(value)));
                text.append(']');
            } else {
                text.append("[=").append(element.substring(2)).append(']');
            }
        }
        return text.toString();
    }

    @CheckForNull
    private static Object parse(String json) {
        try {
            return JsonTree.parseValue(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return null; // Not from an API server; it matches nothing.
        }
    }
}
