package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a resource in the API server's format; a value of another type counts as missing. */
final class JsonFields {
    private final Map<?, ?> values;

    private JsonFields(Map<?, ?> values) {
        this.values = values;
    }

    static JsonFields of(@CheckForNull Object value) {
        return new JsonFields(value instanceof Map<?, ?> map ? map : Map.of());
    }

    JsonFields in(String key) {
        return of(values.get(key));
    }

    @CheckForNull
    String text(String key) {
        return values.get(key) instanceof String text ? text : null;
    }

    /** A text; empty if there is none. */
    String textOrEmpty(String key) {
        return values.get(key) instanceof String text ? text : "";
    }

    /** An integer. */
    long number(String key, long missing) {
        return values.get(key) instanceof Number number ? number.longValue() : missing;
    }

    boolean flag(String key) {
        return Boolean.TRUE.equals(values.get(key));
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    List<JsonFields> list(String key) {
        return values.get(key) instanceof List<?> list
                ? list.stream().map(JsonFields::of).toList()
                : List.of();
    }

    /** The {@code status.conditions} of a resource. */
    List<Condition> conditions() {
        return in("status").conditionsHere();
    }

    /** The {@code conditions} of this object itself, such as a listener's. */
    List<Condition> conditionsHere() {
        return list("conditions").stream().map(Condition::of).toList();
    }

    /** The condition of this type in {@code status.conditions}. */
    Optional<Condition> find(String type) {
        return conditions().stream().filter(c -> c.type().equals(type)).findFirst();
    }

    /** Whether {@code status.conditions} has the condition with the status True. */
    boolean isTrue(String type) {
        return find(type).filter(Condition::isTrue).isPresent();
    }

    /** {@code metadata.generation}; 0 if there is none. */
    long generation() {
        return in("metadata").number("generation", 0);
    }

    /**
     * Whether the status is known to describe an older spec. Some controllers write the observed generation as a
     * string.
     */
    boolean isStale() {
        JsonFields status = in("status");
        long observed = status.number("observedGeneration", -1);
        String text = status.textOrEmpty("observedGeneration");
        if (text.matches("\\d{1,18}")) {
            observed = Long.parseLong(text);
        }
        return observed >= 0 && observed < generation();
    }
}
