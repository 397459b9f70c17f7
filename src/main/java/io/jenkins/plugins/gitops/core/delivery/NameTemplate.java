package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name with placeholders, such as {@code values-{env}.yaml}: one path segment, or the name of an application or
 * environment. A placeholder matches one or more characters except slashes. There must be at least one character
 * between two placeholders, which limits the number of readings of a name.
 *
 * @param literals the texts around the placeholders; one more than placeholders
 * @param placeholders names of the placeholders, without braces
 */
record NameTemplate(List<String> literals, List<String> placeholders) {
    /** Maximum number of readings of one name that are returned; with that many it is ambiguous anyway. */
    static final int MAX_READINGS = 16;

    private static final int MAX_PLACEHOLDERS = 4;
    /** Maximum length of a name that is matched; the limit of most file systems. */
    private static final int MAX_LENGTH = 255;

    private static final List<String> FILE_ENDS = List.of(".yaml", ".yml", ".json");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_]{0,49})}");

    NameTemplate {
        literals = List.copyOf(literals);
        placeholders = List.copyOf(placeholders);
    }

    /**
     * @throws UserErrorException when a brace is not part of a placeholder, there is a {@code *}, or two placeholders
     *     are adjacent
     */
    static NameTemplate parse(@CheckForNull SourceLocation location, String text) throws UserErrorException {
        List<String> literals = new ArrayList<>();
        List<String> placeholders = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        int end = 0;
        while (matcher.find()) {
            literals.add(text.substring(end, matcher.start()));
            placeholders.add(matcher.group(1));
            end = matcher.end();
        }
        literals.add(text.substring(end));
        if (literals.stream().anyMatch(literal -> literal.matches("(?s).*[{}*].*"))) {
            throw new UserErrorException(
                    location,
                    "\"" + text + "\" is not a valid name",
                    "Write {app}, {env} or another {NAME} for the parts that differ; NAME is a letter, then letters, digits"
                            + " and '_'");
        }
        boolean adjacent = literals.size() > 2
                && literals.subList(1, literals.size() - 1).stream().anyMatch(String::isEmpty);
        if (adjacent || placeholders.size() > MAX_PLACEHOLDERS) {
            throw new UserErrorException(
                    location,
                    adjacent
                            ? "Nothing separates two placeholders of \"" + text + "\""
                            : "\"" + text + "\" has more than " + MAX_PLACEHOLDERS + " placeholders",
                    adjacent ? "Put a character such as '-' between them" : "Use one placeholder for several parts");
        }
        return new NameTemplate(literals, placeholders);
    }

    /** A name that consists of one placeholder. */
    static NameTemplate placeholder(String name) {
        return new NameTemplate(List.of("", ""), List.of(name));
    }

    /** A name without placeholders. */
    static NameTemplate literal(String name) {
        return new NameTemplate(List.of(name), List.of());
    }

    boolean isLiteral() {
        return placeholders.isEmpty();
    }

    /** Whether it is certainly the name of a file and not of a folder. */
    boolean isFileName() {
        String end = literals.get(literals.size() - 1);
        return FILE_ENDS.stream().anyMatch(end::endsWith);
    }

    private boolean isOnePlaceholder() {
        return placeholders.size() == 1
                && literals.get(0).isEmpty()
                && literals.get(1).isEmpty();
    }

    /** The name with the values of its placeholders; null when a value is missing. */
    @CheckForNull
    String fill(Map<String, String> values) {
        if (isOnePlaceholder()) {
            return values.get(placeholders.get(0));
        }
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < placeholders.size(); i++) {
            String value = values.get(placeholders.get(i));
            if (value == null) {
                return null;
            }
            text.append(value).append(literals.get(i + 1));
        }
        return text.toString();
    }

    /** A copy with some placeholders replaced by other templates. */
    NameTemplate expand(Map<String, NameTemplate> templates) {
        List<String> texts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < placeholders.size(); i++) {
            String name = placeholders.get(i);
            NameTemplate inner = templates.getOrDefault(name, placeholder(name));
            for (int k = 0; k < inner.literals.size(); k++) {
                text.append(inner.literals.get(k));
                if (k < inner.placeholders.size()) {
                    texts.add(text.toString());
                    names.add(inner.placeholders.get(k));
                    text.setLength(0);
                }
            }
            text.append(literals.get(i + 1));
        }
        texts.add(text.toString());
        return new NameTemplate(texts, names);
    }

    /**
     * The possible values of the placeholders for a name, including the known ones; empty when it does not match. At
     * most {@link #MAX_READINGS}.
     */
    List<Map<String, String>> match(String name, Map<String, String> known) {
        if (isLiteral()) {
            return name.equals(literals.get(0)) ? List.of(known) : List.of();
        }
        if (isOnePlaceholder() && !known.containsKey(placeholders.get(0))) {
            return name.isEmpty() || name.length() > MAX_LENGTH
                    ? List.of()
                    : List.of(with(known, placeholders.get(0), name));
        }
        Set<Map<String, String>> readings = new LinkedHashSet<>();
        boolean fits = name.length() <= MAX_LENGTH
                && name.startsWith(literals.get(0))
                && name.endsWith(literals.get(literals.size() - 1));
        if (fits) {
            match(name, literals.get(0).length(), 0, known, readings);
        }
        return List.copyOf(readings);
    }

    /** @param at start of the value of this placeholder */
    private void match(
            String name, int at, int placeholder, Map<String, String> known, Set<Map<String, String>> readings) {
        if (placeholder == placeholders.size()) {
            if (at == name.length()) {
                readings.add(known);
            }
            return;
        }
        boolean last = placeholder == placeholders.size() - 1;
        String key = placeholders.get(placeholder);
        String next = literals.get(placeholder + 1);
        String value = known.get(key);
        if (value != null) {
            if (name.startsWith(value + next, at)) {
                match(name, at + value.length() + next.length(), placeholder + 1, known, readings);
            }
            return;
        }
        int end = last ? name.length() - next.length() : name.indexOf(next, at + 1);
        while (end > at && readings.size() < MAX_READINGS) {
            Map<String, String> values = with(known, key, name.substring(at, end));
            match(name, end + next.length(), placeholder + 1, values, readings);
            end = last ? -1 : name.indexOf(next, end + 1);
        }
    }

    private static Map<String, String> with(Map<String, String> known, String key, String value) {
        if (known.isEmpty()) {
            return Map.of(key, value);
        }
        Map<String, String> values = new HashMap<>(known);
        values.put(key, value);
        return values;
    }

    /** Its placeholders except these. */
    Set<String> without(Set<String> others) {
        Set<String> rest = new HashSet<>(placeholders);
        rest.removeAll(others);
        return rest;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < placeholders.size(); i++) {
            text.append('{').append(placeholders.get(i)).append('}').append(literals.get(i + 1));
        }
        return text.toString();
    }
}
