package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes to plain Java values, the way kustomize's output reads: the keys of every map sorted. */
final class PlainValues {
    private PlainValues() {}

    /** String, Integer, Long, BigInteger (beyond Long), Double, Boolean, null, ArrayList, LinkedHashMap. */
    @CheckForNull
    static Object of(Node node) {
        return switch (node.kind()) {
            case MAP -> ofMap(node);
            case LIST -> ofList(node);
            case SCALAR -> {
                Object value = Scalars.value(node);
                yield value instanceof Number number ? GoNumbers.canonical(number) : value;
            }
        };
    }

    static Map<String, Object> ofMap(Node map) {
        String[] names = map.fields().keySet().toArray(String[]::new);
        Arrays.sort(names);
        Map<String, Object> values = new LinkedHashMap<>(names.length * 2);
        for (String name : names) {
            values.put(name, of(map.get(name)));
        }
        return values;
    }

    private static List<Object> ofList(Node list) {
        List<Object> values = new ArrayList<>(list.items().size());
        for (Node item : list.items()) {
            values.add(of(item));
        }
        return values;
    }
}
