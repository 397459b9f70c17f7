package io.jenkins.plugins.gitops.agent.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads, copies and compares trees of plain JSON values. Reading a path that does not exist is not an error. */
public final class JsonTree {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper SORTED =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private JsonTree() {}

    /** Parses one JSON object. */
    public static Map<String, Object> parse(byte[] text) throws IOException {
        return JSON.readValue(text, OBJECT);
    }

    /** Parses any JSON value. */
    @CheckForNull
    public static Object parseValue(byte[] text) throws IOException {
        return JSON.readValue(text, Object.class);
    }

    /** Converts a value to a tree of nodes. */
    public static JsonNode node(@CheckForNull Object value) {
        return JSON.valueToTree(value);
    }

    /** Formats a value as compact JSON. */
    public static String format(@CheckForNull Object value) {
        return write(JSON, value);
    }

    /** Formats a value as compact JSON with sorted keys, so that equal values have equal texts. */
    public static String canonical(@CheckForNull Object value) {
        return write(SORTED, value);
    }

    private static String write(ObjectMapper mapper, @CheckForNull Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("Not a tree of plain values", e);
        }
    }

    /** The value at a path of keys; null if there is none. */
    @CheckForNull
    public static Object at(@CheckForNull Object tree, String... path) {
        Object here = tree;
        for (String key : path) {
            if (!(here instanceof Map<?, ?> map)) {
                return null;
            }
            here = map.get(key);
        }
        return here;
    }

    /** The object at a path; empty if there is none. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(@CheckForNull Object tree, String... path) {
        return at(tree, path) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** The list at a path; empty if there is none. */
    @SuppressWarnings("unchecked")
    public static List<Object> list(@CheckForNull Object tree, String... path) {
        return at(tree, path) instanceof List<?> list ? (List<Object>) list : List.of();
    }

    /** The text at a path; null if there is none. */
    @CheckForNull
    public static String text(@CheckForNull Object tree, String... path) {
        return at(tree, path) instanceof String text ? text : null;
    }

    /** The text at a path, or the default. */
    public static String textOr(String otherwise, @CheckForNull Object tree, String... path) {
        return at(tree, path) instanceof String text ? text : otherwise;
    }

    /** The integer at a path, or the default. */
    public static long numberOr(long otherwise, @CheckForNull Object tree, String... path) {
        return at(tree, path) instanceof Number number ? number.longValue() : otherwise;
    }

    /** Whether the value at a path is {@code true}. */
    public static boolean isTrue(@CheckForNull Object tree, String... path) {
        return Boolean.TRUE.equals(at(tree, path));
    }

    /** The object at a path, created if necessary; the tree must be modifiable. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> child(Map<String, Object> tree, String... path) {
        Map<String, Object> here = tree;
        for (String key : path) {
            if (!(here.get(key) instanceof Map)) {
                here.put(key, new LinkedHashMap<String, Object>());
            }
            here = (Map<String, Object>) here.get(key);
        }
        return here;
    }

    /** A modifiable deep copy. */
    public static Map<String, Object> copy(Map<String, Object> tree) {
        Map<String, Object> copy = new LinkedHashMap<>();
        tree.forEach((key, value) -> copy.put(key, copyOf(value)));
        return copy;
    }

    /** A modifiable deep copy of any value. */
    @CheckForNull
    public static Object copyOf(@CheckForNull Object value) {
        if (value instanceof Map<?, ?>) {
            return copy(map(value));
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(item -> copy.add(copyOf(item)));
            return copy;
        }
        return value;
    }

    /** Whether two values are equal; numbers are compared by value, regardless of their class. */
    public static boolean same(@CheckForNull Object one, @CheckForNull Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return a.equals(b) || new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
        }
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(e -> b.containsKey(e.getKey()) && same(e.getValue(), b.get(e.getKey())));
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            for (int i = 0; a.size() == b.size() && i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return a.size() == b.size();
        }
        return Objects.equals(one, other);
    }
}
