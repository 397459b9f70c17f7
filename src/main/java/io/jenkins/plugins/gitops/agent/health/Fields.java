package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;

/** Reads a resource as the API server gives it; what is missing or of another type reads as not there. */
final class Fields {
    private final Map<?, ?> values;

    private Fields(Map<?, ?> values) {
        this.values = values;
    }

    static Fields of(@CheckForNull Object value) {
        return new Fields(value instanceof Map<?, ?> map ? map : Map.of());
    }

    Fields in(String key) {
        return of(values.get(key));
    }

    @CheckForNull
    String text(String key) {
        return values.get(key) instanceof String text ? text : null;
    }

    /** A whole number. */
    long number(String key, long missing) {
        return values.get(key) instanceof Number number ? number.longValue() : missing;
    }

    boolean flag(String key) {
        return Boolean.TRUE.equals(values.get(key));
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    List<Fields> list(String key) {
        return values.get(key) instanceof List<?> list
                ? list.stream().map(Fields::of).toList()
                : List.of();
    }

    /** The condition of this type in {@code status.conditions}; empty fields when there is none. */
    Fields condition(String type) {
        return in("status").list("conditions").stream()
                .filter(c -> type.equals(c.text("type")))
                .findFirst()
                .orElse(of(null));
    }
}
