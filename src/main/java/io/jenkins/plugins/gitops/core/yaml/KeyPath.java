package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path of keys as written by users, such as {@code spec.containers[name=web].image}: keys separated by dots, {@code
 * [0]} for a list item by position, {@code [name=web]} for the item whose {@code name} is {@code web}. A backslash
 * escapes the next character: {@code annotations.example\.com/image}.
 */
public final class KeyPath {
    /** More than any path needs: YAML is parsed to 100 levels. */
    private static final int MAX_STEPS = 200;

    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_INDEX_DIGITS = 6;

    private static final Pattern SYNTAX = Pattern.compile("[\\\\.\\[\\]{}]");

    private final String text;
    private final List<Step> steps;

    private KeyPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    /** One part of the path. */
    private sealed interface Step {
        Optional<YamlPath> from(YamlPath node) throws UserErrorException;
    }

    private record Key(String name) implements Step {
        @Override
        public Optional<YamlPath> from(YamlPath node) {
            return node.key(name);
        }
    }

    private record Index(int at) implements Step {
        @Override
        public Optional<YamlPath> from(YamlPath node) {
            return at < node.items().size() ? Optional.of(node.items().get(at)) : Optional.empty();
        }
    }

    private record Match(String key, String value) implements Step {
        @Override
        public Optional<YamlPath> from(YamlPath node) throws UserErrorException {
            YamlPath found = null;
            for (YamlPath item : node.items()) {
                if (item.key(key).filter(way -> value.equals(way.scalar())).isPresent()) {
                    if (found != null) {
                        throw new UserErrorException(
                                item.location(),
                                "There is a second item with " + key + ": " + value + ", after line "
                                        + found.location().line(),
                                "Remove one of the two in Git first, or name the item by its position");
                    }
                    found = item;
                }
            }
            return Optional.ofNullable(found);
        }
    }

    /**
     * Parses a path.
     *
     * @param location of the text, for messages; null if there is none
     * @throws UserErrorException if the path is empty, has an empty key or an unfinished bracket, or contains a
     *     placeholder
     */
    public static KeyPath parse(@CheckForNull SourceLocation location, String text) throws UserErrorException {
        List<Step> steps = text.length() > MAX_LENGTH ? List.of() : new Parser(text).steps();
        if (steps.isEmpty() || steps.size() > MAX_STEPS) {
            throw new UserErrorException(
                    location,
                    "\"" + (text.length() > MAX_LENGTH ? text.substring(0, 100) + "..." : text)
                            + "\" is not a valid path of keys",
                    "Separate the keys with dots, as in backend.image, with [0] or [name=web] for an item of a list,"
                            + " and a backslash before a dot in a key");
        }
        return new KeyPath(text, steps);
    }

    /**
     * Returns the node at this path; empty if there is none.
     *
     * @throws UserErrorException if two items match
     */
    public Optional<YamlPath> find(YamlPath root) throws UserErrorException {
        return find(root, steps.size());
    }

    /**
     * Returns the parent of the node at this path.
     *
     * @throws UserErrorException as {@link #find}
     */
    public Optional<YamlPath> findParent(YamlPath root) throws UserErrorException {
        return find(root, steps.size() - 1);
    }

    private Optional<YamlPath> find(YamlPath root, int length) throws UserErrorException {
        YamlPath at = root;
        for (Step step : steps.subList(0, length)) {
            YamlPath next = step.from(at).orElse(null);
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    /** The keys if the path has only keys; empty if it contains a list item. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Step step : steps) {
            if (!(step instanceof Key key)) {
                return List.of();
            }
            keys.add(key.name());
        }
        return keys;
    }

    /** The last key; empty if the path ends with a list item. */
    public String lastKey() {
        return steps.get(steps.size() - 1) instanceof Key key ? key.name() : "";
    }

    /** Escapes a key for use in a path. */
    public static String escape(String key) {
        return SYNTAX.matcher(key).replaceAll("\\\\$0");
    }

    /** The original text. */
    @Override
    public String toString() {
        return text;
    }

    /** Parses a text from left to right. */
    private static final class Parser {
        private final String text;
        private final List<Step> steps = new ArrayList<>();
        private int at;

        private Parser(String text) {
            this.text = text;
        }

        /** Empty if the text is not a path. */
        private List<Step> steps() {
            boolean valid = key();
            while (valid && at < text.length()) {
                char next = text.charAt(at++);
                valid = next == '.' ? key() : next == '[' && item();
            }
            return valid ? steps : List.of();
        }

        private boolean key() {
            String name = until(".[");
            boolean valid = name != null && !name.isEmpty();
            if (valid) {
                steps.add(new Key(name));
            }
            return valid;
        }

        private boolean item() {
            String name = until("=]");
            if (name == null || name.isEmpty() || at == text.length()) {
                return false;
            }
            if (text.charAt(at++) == '=') {
                String value = until("]");
                steps.add(new Match(name, value == null ? "" : value));
                return value != null && !value.isEmpty() && at++ < text.length();
            }
            boolean number = name.length() <= MAX_INDEX_DIGITS && name.chars().allMatch(c -> c >= '0' && c <= '9');
            if (number) {
                steps.add(new Index(Integer.parseInt(name)));
            }
            return number;
        }

        /** The text up to one of these characters or the end; null if it contains a character that is not allowed. */
        @CheckForNull
        private String until(String ends) {
            StringBuilder read = new StringBuilder();
            while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
                char c = text.charAt(at++);
                boolean escaped = c == '\\';
                if (escaped && at == text.length() || !escaped && "[]{}".indexOf(c) >= 0) {
                    return null;
                }
                read.append(escaped ? text.charAt(at++) : c);
            }
            return read.toString();
        }
    }
}
