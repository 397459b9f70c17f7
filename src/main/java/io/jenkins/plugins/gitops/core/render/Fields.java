package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A map of a kustomization with the types that kustomize demands; null counts as absent. */
final class Fields {
    private final Node map;
    private final SourceLocation at;

    private Fields(Node map, SourceLocation at) {
        this.map = map;
        this.at = at;
    }

    /**
     * @param what for messages, with its article
     * @throws RefusedException when it is no map, or has another field than the known ones
     */
    static Fields of(Node map, String what, Set<String> known, SourceLocation fallback) throws RefusedException {
        SourceLocation at = map.location(fallback);
        if (!map.isMap()) {
            throw new RefusedException(at, what + " must be a map", "Write its fields as a map");
        }
        Node canonical = Node.map();
        for (Map.Entry<String, Node> field : map.fields().entrySet()) {
            String name = canonical(field.getKey(), known);
            if (name == null) {
                throw new RefusedException(
                        field.getValue().location(at),
                        what + " has no field " + field.getKey(),
                        "Remove it; the fields are " + String.join(", ", new TreeSet<>(known)));
            }
            if (canonical.fields().put(name, field.getValue()) != null) {
                throw new RefusedException(
                        field.getValue().location(at),
                        what + " has the field " + name + " twice, in upper and lower case",
                        "Remove one of the two");
            }
        }
        return new Fields(canonical, at);
    }

    /** Go's JSON decoder, through which kustomize reads its files, takes the name of a field in any case. */
    @CheckForNull
    private static String canonical(String name, Set<String> known) {
        return known.contains(name)
                ? name
                : known.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
    }

    SourceLocation location() {
        return at;
    }

    /** Of the field's value; of the whole where there is none. */
    SourceLocation location(String name) {
        Node field = map.get(name);
        return field == null ? at : field.location(at);
    }

    boolean has(String name) {
        return !Node.isMissingOrNull(map.get(name));
    }

    @CheckForNull
    Node node(String name) {
        Node field = map.get(name);
        return Node.isMissingOrNull(field) ? null : field;
    }

    /** Empty when absent. */
    String string(String name) throws RefusedException {
        Node field = node(name);
        return field == null ? "" : string(field, name, at);
    }

    static String string(Node node, String name, SourceLocation fallback) throws RefusedException {
        Object value = node.isScalar() ? Scalars.yaml11(node) : null;
        if (value instanceof String text) {
            return text;
        }
        SourceLocation at = node.location(fallback);
        if (!node.isScalar()) {
            throw new RefusedException(at, name + " must be a string", "Write a string here");
        }
        String read = value == null ? "null" : value instanceof Boolean ? "a boolean" : "a number";
        throw new RefusedException(
                at,
                name + " must be a string, but YAML reads " + node.text() + " as " + read,
                "Write it in quotes: \"" + node.text() + "\"");
    }

    boolean bool(String name) throws RefusedException {
        Node field = node(name);
        if (field == null) {
            return false;
        }
        if (field.isScalar() && Scalars.yaml11(field) instanceof Boolean value) {
            return value;
        }
        throw new RefusedException(field.location(at), name + " must be a boolean", "Write true or false");
    }

    /** 0 when absent. */
    long integer(String name) throws RefusedException {
        Node field = node(name);
        if (field == null) {
            return 0;
        }
        if (field.isScalar() && Scalars.yaml11(field) instanceof Number number) {
            Number canonical = GoNumbers.canonical(number);
            if (canonical instanceof Integer || canonical instanceof Long) {
                return canonical.longValue();
            }
        }
        throw new RefusedException(
                field.location(at), name + " must be a whole number", "Write a number without quotes and fraction");
    }

    /** The elements of a list; none when absent. */
    List<Node> list(String name) throws RefusedException {
        Node field = node(name);
        if (field == null) {
            return List.of();
        }
        if (!field.isList()) {
            throw new RefusedException(field.location(at), name + " must be a list", "Begin each entry with a dash");
        }
        return field.items();
    }

    /** A map of strings; empty when absent. */
    Map<String, String> strings(String name) throws RefusedException {
        Node field = node(name);
        if (field == null) {
            return Map.of();
        }
        if (!field.isMap()) {
            throw new RefusedException(field.location(at), name + " must be a map", "Write key: value lines");
        }
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, Node> entry : field.fields().entrySet()) {
            strings.put(entry.getKey(), string(entry.getValue(), entry.getKey(), at));
        }
        return strings;
    }
}
