package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A mapping with known keys only, each of the right type; anything else is rejected with its location. */
public final class StrictMapping {
    private final Mapping mapping;
    private final String what;

    private StrictMapping(Mapping mapping, String what) {
        this.mapping = mapping;
        this.what = what;
    }

    /**
     * @param what a description of the mapping, with its article: {@code an environment}
     * @param known the allowed keys
     */
    public static StrictMapping of(YamlNode node, String what, List<String> known) throws UserErrorException {
        if (!(node.resolved() instanceof Mapping mapping)) {
            throw new UserErrorException(
                    node.location(), "This is not " + what, "Write a mapping of " + String.join(", ", known));
        }
        for (KeyValue keyValue : mapping.entries()) {
            if (keyValue.name() == null || !known.contains(keyValue.name())) {
                String key = keyValue.name() == null ? "This is not a key" : "\"" + keyValue.name() + "\" is not a key";
                throw new UserErrorException(
                        keyValue.key().location(), key + " of " + what, "Use " + String.join(", ", known));
            }
        }
        return new StrictMapping(mapping, what);
    }

    /** The start of the mapping. */
    public SourceLocation location() {
        return mapping.location();
    }

    /** The location of a key; that of the mapping if the key is missing. */
    public SourceLocation keyLocation(String key) {
        return mapping.entry(key).map(keyValue -> keyValue.key().location()).orElse(location());
    }

    /** The start of the value of a key; the location of the mapping if the key is missing. */
    public SourceLocation valueLocation(String key) {
        return mapping.entry(key).map(keyValue -> keyValue.value().location()).orElse(location());
    }

    /** The value of a key; null if the key is missing. */
    @CheckForNull
    public YamlNode value(String key) {
        return mapping.entry(key).map(KeyValue::value).orElse(null);
    }

    /** A required text. */
    public String requiredText(String key) throws UserErrorException {
        String text = text(key);
        if (text == null) {
            throw new UserErrorException(location(), "\"" + key + "\" is missing in " + what, "Write " + key + " here");
        }
        return text;
    }

    /** A text; null if the key is missing. */
    @CheckForNull
    public String text(String key) throws UserErrorException {
        YamlNode value = value(key);
        return value == null ? null : text(value, key);
    }

    /** An integer of 1 or more; the default if the key is missing. */
    public int positive(String key, int missing) throws UserErrorException {
        YamlNode value = value(key);
        if (value == null) {
            return missing;
        }
        boolean number = value.resolved() instanceof Scalar scalar
                && scalar.style() == YamlNode.QuotingStyle.PLAIN
                && scalar.value().matches("[1-9][0-9]{0,3}");
        if (!number) {
            throw new UserErrorException(
                    value.location(), "\"" + key + "\" is not a whole number of 1 or more", "Write 1, 2 or more");
        }
        return Integer.parseInt(((Scalar) value.resolved()).value());
    }

    /** {@code true} or {@code false}; the default if the key is missing. */
    public boolean flag(String key, boolean missing) throws UserErrorException {
        YamlNode value = value(key);
        if (value == null) {
            return missing;
        }
        if (value.resolved() instanceof Scalar scalar
                && scalar.style() == YamlNode.QuotingStyle.PLAIN
                && List.of("true", "false").contains(scalar.value())) {
            return scalar.value().equals("true");
        }
        throw new UserErrorException(
                value.location(), "\"" + key + "\" is neither true nor false", "Write true or false");
    }

    /** The items of a list; null if the key is missing. */
    @CheckForNull
    public List<YamlNode> items(String key) throws UserErrorException {
        YamlNode value = value(key);
        if (value == null) {
            return null;
        }
        if (!(value.resolved() instanceof Sequence sequence)) {
            throw new UserErrorException(
                    value.location(), "\"" + key + "\" is not a list", "Write a list here, or remove the key");
        }
        return sequence.items();
    }

    /** A list of texts, in which duplicates are an error; empty if the key is missing. */
    public List<String> texts(String key) throws UserErrorException {
        Set<String> texts = new LinkedHashSet<>();
        List<YamlNode> items = items(key);
        for (YamlNode item : items == null ? List.<YamlNode>of() : items) {
            String text = text(item, key);
            if (!texts.add(text)) {
                throw new UserErrorException(
                        item.location(),
                        "\"" + text + "\" is listed twice in \"" + key + "\"",
                        "Remove one of the two");
            }
        }
        return List.copyOf(texts);
    }

    private static String text(YamlNode node, String key) throws UserErrorException {
        if (!(node.resolved() instanceof Scalar scalar)
                || scalar.isNull()
                || scalar.value().isBlank()) {
            throw new UserErrorException(node.location(), "\"" + key + "\" is not a string", "Write a string here");
        }
        if (!scalar.isText()) {
            throw new UserErrorException(
                    node.location(),
                    "\"" + key + "\" is not a string, since YAML reads " + scalar.value() + " as something else",
                    "Put it in quotes");
        }
        if (scalar.value().codePoints().anyMatch(Character::isISOControl)) {
            throw new UserErrorException(
                    node.location(), "\"" + key + "\" contains a line break or another control character", "Remove it");
        }
        return scalar.value();
    }
}
