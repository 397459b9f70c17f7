package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A map of a kustomization whose fields must have the types that kustomize requires; null counts as missing. */
public final class TypedFields {
    private final YamlValue map;
    private final SourceLocation at;

    private TypedFields(YamlValue map, SourceLocation at) {
        this.map = map;
        this.at = at;
    }

    /**
     * @param what a description for messages, with its article
     * @throws UserErrorException if it is not a map, or has an unknown field
     */
    public static TypedFields of(YamlValue map, String what, Set<String> known, SourceLocation fallback)
            throws UserErrorException {
        SourceLocation at = map.location(fallback);
        if (!map.isMap()) {
            throw new UserErrorException(at, what + " must be a map", "Write its fields as a map");
        }
        YamlValue canonical = YamlValue.map();
        for (Map.Entry<String, YamlValue> field : map.fields().entrySet()) {
            String name = canonical(field.getKey(), known);
            if (name == null) {
                throw new UserErrorException(
                        field.getValue().location(at),
                        what + " has no field " + field.getKey(),
                        "Remove it; the fields are " + String.join(", ", new TreeSet<>(known)));
            }
            if (canonical.fields().put(name, field.getValue()) != null) {
                throw new UserErrorException(
                        field.getValue().location(at),
                        what + " has the field " + name + " twice, in upper and lower case",
                        "Remove one of the two");
            }
        }
        return new TypedFields(canonical, at);
    }

    /** kustomize reads its files with Go's JSON decoder, which ignores the case of field names. */
    @CheckForNull
    private static String canonical(String name, Set<String> known) {
        return known.contains(name)
                ? name
                : known.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
    }

    public SourceLocation location() {
        return at;
    }

    /** The location of the field's value; that of the whole map if the field is missing. */
    public SourceLocation location(String name) {
        YamlValue field = map.get(name);
        return field == null ? at : field.location(at);
    }

    public boolean has(String name) {
        return !YamlValue.isMissingOrNull(map.get(name));
    }

    @CheckForNull
    public YamlValue node(String name) {
        YamlValue field = map.get(name);
        return YamlValue.isMissingOrNull(field) ? null : field;
    }

    /** Empty if missing. */
    public String string(String name) throws UserErrorException {
        YamlValue field = node(name);
        return field == null ? "" : string(field, name, at);
    }

    public static String string(YamlValue yamlValue, String name, SourceLocation fallback) throws UserErrorException {
        Object value = yamlValue.isScalar() ? ScalarResolver.yaml11(yamlValue) : null;
        if (value instanceof String text) {
            return text;
        }
        SourceLocation at = yamlValue.location(fallback);
        if (!yamlValue.isScalar()) {
            throw new UserErrorException(at, name + " must be a string", "Write a string here");
        }
        String read = value == null ? "null" : value instanceof Boolean ? "a boolean" : "a number";
        throw new UserErrorException(
                at,
                name + " must be a string, but YAML reads " + yamlValue.text() + " as " + read,
                "Write it in quotes: \"" + yamlValue.text() + "\"");
    }

    public boolean bool(String name) throws UserErrorException {
        YamlValue field = node(name);
        if (field == null) {
            return false;
        }
        if (field.isScalar() && ScalarResolver.yaml11(field) instanceof Boolean value) {
            return value;
        }
        throw new UserErrorException(field.location(at), name + " must be a boolean", "Write true or false");
    }

    /** 0 if missing. */
    public long integer(String name) throws UserErrorException {
        YamlValue field = node(name);
        if (field == null) {
            return 0;
        }
        if (field.isScalar() && ScalarResolver.yaml11(field) instanceof Number number) {
            Number canonical = GoNumbers.canonical(number);
            if (canonical instanceof Integer || canonical instanceof Long) {
                return canonical.longValue();
            }
        }
        throw new UserErrorException(
                field.location(at), name + " must be a whole number", "Write a number without quotes and fraction");
    }

    /** The elements of a list; empty if missing. */
    public List<YamlValue> list(String name) throws UserErrorException {
        YamlValue field = node(name);
        if (field == null) {
            return List.of();
        }
        if (!field.isList()) {
            throw new UserErrorException(field.location(at), name + " must be a list", "Begin each entry with a dash");
        }
        return field.items();
    }

    /** A map of strings; empty if missing. */
    public Map<String, String> strings(String name) throws UserErrorException {
        YamlValue field = node(name);
        if (field == null) {
            return Map.of();
        }
        if (!field.isMap()) {
            throw new UserErrorException(field.location(at), name + " must be a map", "Write key: value lines");
        }
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, YamlValue> entry : field.fields().entrySet()) {
            strings.put(entry.getKey(), string(entry.getValue(), entry.getKey(), at));
        }
        return strings;
    }
}
