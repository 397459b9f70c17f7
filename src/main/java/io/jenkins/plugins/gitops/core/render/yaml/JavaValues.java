package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts nodes to plain Java values as in kustomize's output, with the keys of every map sorted. */
public final class JavaValues {
    private JavaValues() {}

    /** Returns a String, Integer, Long, BigInteger (beyond Long), Double, Boolean, null, ArrayList or LinkedHashMap. */
    @CheckForNull
    public static Object of(YamlValue yamlValue) {
        return switch (yamlValue.kind()) {
            case MAP -> ofMap(yamlValue);
            case LIST -> ofList(yamlValue);
            case SCALAR -> {
                Object value = ScalarResolver.value(yamlValue);
                yield value instanceof Number number ? GoNumbers.canonical(number) : value;
            }
        };
    }

    public static Map<String, Object> ofMap(YamlValue map) {
        String[] names = map.fields().keySet().toArray(String[]::new);
        Arrays.sort(names);
        Map<String, Object> values = new LinkedHashMap<>(names.length * 2);
        for (String name : names) {
            values.put(name, of(map.get(name)));
        }
        return values;
    }

    private static List<Object> ofList(YamlValue list) {
        List<Object> values = new ArrayList<>(list.items().size());
        for (YamlValue item : list.items()) {
            values.add(of(item));
        }
        return values;
    }
}
