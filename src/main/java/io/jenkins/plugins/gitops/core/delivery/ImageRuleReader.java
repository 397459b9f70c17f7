package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.KeyPath;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code images} and {@code imagePaths} of {@code gitops.yaml}. */
final class ImageRuleReader {
    static final String IMAGES = "images";
    static final String IMAGE_PATHS = "imagePaths";

    private static final String NAME = "name";
    private static final String FILES = "files";
    private static final List<String> PATHS = List.of("tag", "image", "digest", "repository");
    private static final List<String> KEYS = List.of(NAME, FILES, "tag", "image", "digest", "repository");
    /** Maximum number of rules of one target, and of texts in one rule. */
    private static final int MAX_ENTRIES = 50;

    /** Sample values for the placeholders, to validate the text around them. */
    private final Map<String, String> sample = new HashMap<>();

    /** @param placeholders the allowed names, without braces */
    ImageRuleReader(Set<String> placeholders) {
        placeholders.forEach(name -> sample.put(name, "x"));
    }

    /** The rules in {@code images}; empty when the key is missing. */
    List<ImageRule> rules(StrictMapping entry) throws UserErrorException {
        List<YamlNode> items = entry.items(IMAGES);
        if (items == null) {
            return List.of();
        }
        if (items.isEmpty() || items.size() > MAX_ENTRIES) {
            throw new UserErrorException(
                    entry.valueLocation(IMAGES),
                    "\"" + IMAGES + "\" has " + items.size() + " entries",
                    "Write 1 to " + MAX_ENTRIES + " entries, or remove the key");
        }
        List<ImageRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode item : items) {
            StrictMapping rule = StrictMapping.of(item, "an entry of images", KEYS);
            rules.add(rule(rule));
            String name = rule.text(NAME);
            if (name != null && !names.add(name)) {
                throw new UserErrorException(
                        rule.valueLocation(NAME), "\"" + name + "\" is listed twice", "Put its paths in one entry");
            }
        }
        return List.copyOf(rules);
    }

    private ImageRule rule(StrictMapping entry) throws UserErrorException {
        ImageRule rule = new ImageRule(
                entry.text(NAME),
                texts(entry, FILES),
                texts(entry, "tag"),
                texts(entry, "image"),
                texts(entry, "digest"),
                texts(entry, "repository"));
        requirePlaceholders(entry, rule);
        ImageRule checked = rule.resolve(sample);
        if (checked.name() != null) {
            requireImageName(entry, checked.name());
        }
        for (String file : checked.files()) {
            String path = file.startsWith("/") ? file.substring(1) : file;
            LayoutPattern.segments(entry.valueLocation(FILES), path);
            requireNoBraces(entry.valueLocation(FILES), file);
        }
        for (String key : PATHS) {
            for (String path : paths(checked, key)) {
                KeyPath.parse(entry.valueLocation(key), path);
            }
        }
        requireShape(entry, rule);
        return rule;
    }

    private static void requireShape(StrictMapping entry, ImageRule rule) throws UserErrorException {
        int tags = rule.tag().size();
        int digests = rule.digest().size();
        int fields = Math.max(tags, digests);
        if (fields == 0 && rule.image().isEmpty()) {
            throw new UserErrorException(
                    entry.location(), "This entry does not say where the image is set", "Write tag, image or digest");
        }
        if (tags > 0 && digests > 0 && digests != tags) {
            throw new UserErrorException(
                    entry.valueLocation("digest"),
                    "There are " + digests + " paths of digests and " + tags + " of tags",
                    "Write a digest for each tag, in the same order");
        }
        int names = rule.repository().size();
        if (names > 1 && names != fields) {
            throw new UserErrorException(
                    entry.valueLocation("repository"),
                    "There are " + names + " paths of repositories and " + fields + " of tags",
                    "Write one for all, or one for each tag, in the same order");
        }
    }

    private static List<String> paths(ImageRule rule, String key) {
        return switch (key) {
            case "tag" -> rule.tag();
            case "image" -> rule.image();
            case "digest" -> rule.digest();
            default -> rule.repository();
        };
    }

    private void requirePlaceholders(StrictMapping entry, ImageRule rule) throws UserErrorException {
        for (String name : rule.placeholders()) {
            if (!sample.containsKey(name)) {
                throw unknownPlaceholder(entry.location(), name);
            }
        }
    }

    private UserErrorException unknownPlaceholder(SourceLocation location, String name) {
        List<String> known =
                sample.keySet().stream().sorted().map(one -> "{" + one + "}").toList();
        return new UserErrorException(
                location, "The placeholder {" + name + "} is not known here", "Use " + String.join(", ", known));
    }

    private static void requireImageName(StrictMapping entry, String name) throws UserErrorException {
        try {
            ImageReference.of(name, "any", null);
        } catch (UserErrorException e) {
            throw new UserErrorException(
                    entry.valueLocation(NAME),
                    "\"" + name + "\" is not an image name",
                    "Write registry/repository without a tag, in lower case");
        }
    }

    private static void requireNoBraces(SourceLocation location, String file) throws UserErrorException {
        if (file.contains("{") || file.contains("}")) {
            throw new UserErrorException(
                    location,
                    "\"" + file + "\" is not a valid file name",
                    "Remove the braces around what has no value");
        }
    }

    /** The paths in {@code imagePaths}; empty when the key is missing. */
    List<String> imagePaths(StrictMapping entry) throws UserErrorException {
        List<String> paths = entry.texts(IMAGE_PATHS);
        if (paths.size() > MAX_ENTRIES) {
            throw tooMany(entry, IMAGE_PATHS, paths.size());
        }
        ImageRule rule = new ImageRule(null, List.of(), List.of(), paths, List.of(), List.of());
        for (String name : rule.placeholders()) {
            if (!sample.containsKey(name)) {
                throw unknownPlaceholder(entry.valueLocation(IMAGE_PATHS), name);
            }
        }
        for (String path : rule.resolve(sample).image()) {
            KeyPath.parse(entry.valueLocation(IMAGE_PATHS), path);
        }
        return paths;
    }

    /** One text or a list of texts; empty when the key is missing. */
    private static List<String> texts(StrictMapping entry, String key) throws UserErrorException {
        YamlNode value = entry.value(key);
        if (value == null) {
            return List.of();
        }
        List<String> texts = value.resolved() instanceof Sequence ? entry.texts(key) : List.of(entry.requiredText(key));
        if (texts.isEmpty() || texts.size() > MAX_ENTRIES) {
            throw tooMany(entry, key, texts.size());
        }
        return texts;
    }

    private static UserErrorException tooMany(StrictMapping entry, String key, int entries) {
        return new UserErrorException(
                entry.valueLocation(key),
                "\"" + key + "\" has " + entries + " entries",
                "Write 1 to " + MAX_ENTRIES + " entries, or remove the key");
    }
}
