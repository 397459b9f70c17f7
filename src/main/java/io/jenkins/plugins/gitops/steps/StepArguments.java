package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Validates the arguments from a Pipeline before the step is created. A common mistake is rejected with one line that
 * names the parameter and the remedy; the conversion to Java types would show a stack trace or silently change the
 * value. Texts from a Pipeline are checked with {@link TextSanitizer} here: names that are not clean are rejected,
 * {@code reason} is sanitized.
 */
final class StepArguments {
    /** The only parameter with free text for people. */
    private static final String REASON = "reason";

    private final String step;
    private final Map<String, Parameter> parameters;

    /** The type of a parameter. */
    enum Type {
        TEXT,
        TEXTS,
        FLAG,
        /** A text such as {@code 10m}, or a number. */
        DURATION;

        static Type of(Class<?> javaType) {
            if (javaType == boolean.class) {
                return FLAG;
            }
            if (javaType == Object.class) {
                return DURATION;
            }
            return Collection.class.isAssignableFrom(javaType) ? TEXTS : TEXT;
        }
    }

    record Parameter(Type type, boolean required) {}

    /** @param step its name in a Pipeline */
    StepArguments(String step, Map<String, Parameter> parameters) {
        this.step = step;
        this.parameters = new TreeMap<>(parameters);
    }

    /**
     * @param given by name; null values count as not given
     * @return the arguments converted to the right types, without nulls
     * @throws UserErrorException when a parameter is unknown or missing, or a value has the wrong type or is not clean
     */
    Map<String, Object> check(Map<String, ?> given) throws UserErrorException {
        Map<String, Object> checked = new LinkedHashMap<>();
        for (Map.Entry<String, ?> argument : given.entrySet()) {
            Parameter parameter = parameters.get(String.valueOf(argument.getKey()));
            if (parameter == null) {
                throw new UserErrorException(
                        step + " has no parameter \"" + argument.getKey() + "\"",
                        "Use " + NameList.list(parameters.keySet()));
            }
            if (argument.getValue() != null) {
                checked.put(argument.getKey(), value(argument.getKey(), parameter.type(), argument.getValue()));
            }
        }
        for (Map.Entry<String, Parameter> parameter : parameters.entrySet()) {
            if (parameter.getValue().required() && !checked.containsKey(parameter.getKey())) {
                throw new UserErrorException(
                        step + " needs " + parameter.getKey(), "Write " + parameter.getKey() + ": '...'");
            }
        }
        return checked;
    }

    private Object value(String name, Type type, Object value) throws UserErrorException {
        return switch (type) {
            case TEXT -> text(name, value);
            case TEXTS -> texts(name, value);
            case FLAG -> flag(name, value);
            case DURATION -> value instanceof Number ? value : text(name, value);
        };
    }

    private String text(String name, Object value) throws UserErrorException {
        if (!(value instanceof CharSequence)) {
            throw wrong(name, value, asText(name, value));
        }
        return clean(name, value.toString());
    }

    private List<String> texts(String name, Object value) throws UserErrorException {
        Collection<?> entries = collection(value);
        if (entries == null) {
            throw wrong(name, value, "Write a list, as " + name + ": ['...', '...']");
        }
        List<String> texts = new ArrayList<>();
        for (Object entry : entries) {
            String place = "entry " + (texts.size() + 1) + " of " + name;
            if (!(entry instanceof CharSequence)) {
                throw wrong(place, entry, "Write each as a string in quotes, as " + name + ": ['...', '...']");
            }
            texts.add(clean(place, entry.toString()));
        }
        return texts;
    }

    @CheckForNull
    private static Collection<?> collection(Object value) {
        if (value instanceof Object[] array) {
            return Arrays.asList(array);
        }
        return value instanceof Collection<?> collection ? collection : null;
    }

    private Boolean flag(String name, Object value) throws UserErrorException {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, value, "Write " + name + ": true or " + name + ": false, without quotes");
    }

    private String clean(String name, String text) throws UserErrorException {
        if (name.equals(REASON)) {
            return TextSanitizer.line(text);
        }
        if (!TextSanitizer.isClean(text)) {
            throw new UserErrorException(
                    step + ": " + name
                            + " contains control characters, leading, trailing or repeated spaces, or more than "
                            + TextSanitizer.MAX_LENGTH + " characters",
                    "Correct the text, for example with trim()");
        }
        return text;
    }

    private UserErrorException wrong(String name, @CheckForNull Object value, String remedy) {
        return new UserErrorException(step + ": " + name + " is " + kind(value), remedy);
    }

    private static String asText(String name, Object value) {
        if (value instanceof Number) {
            return "Put it in quotes, as " + name + ": '...', since a Pipeline may read the number 1.10 as 1.1";
        }
        return value instanceof Boolean ? "Put it in quotes" : "Use a string, as " + name + ": '...'";
    }

    private static String kind(@CheckForNull Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof CharSequence) {
            return "a string";
        }
        if (value instanceof Number) {
            return "the number " + value;
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof Map) {
            return "a map";
        }
        return collection(value) == null ? "an object of " + value.getClass().getSimpleName() : "a list";
    }
}
