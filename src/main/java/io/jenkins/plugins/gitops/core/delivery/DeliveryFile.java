package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache.Weighted;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code gitops.yaml} says.
 *
 * @param patterns where applications stand; the default layouts when the file says nothing
 * @param environments in promotion order; null when the file says nothing
 * @param sharedFiles files that targets of several environments share on purpose
 * @param image whether images have to be seen running in an environment that does not say so itself
 * @param locations where rules of environments are, by {@link EnvironmentPolicyReader#keyPath}
 */
record DeliveryFile(
        List<LayoutPattern> patterns,
        @CheckForNull List<Environment> environments,
        Set<String> sharedFiles,
        ImagePolicy image,
        Map<String, SourceLocation> locations)
        implements Weighted {
    private static final String API_VERSION = "gitops.jenkins.io/v1alpha1";
    private static final String KIND = "Delivery";
    private static final List<String> ROOT =
            List.of(
                    "apiVersion",
                    "kind",
                    "applications",
                    ImageRuleReader.IMAGES,
                    "sharedFiles",
                    EnvironmentPolicyReader.IMAGE,
                    "environments");
    /** Entries of a list; whoever needs more has something generated in mind. */
    private static final int MAX_ENTRIES = 200;

    /** What has a value for every target. */
    private static final Set<String> PLACEHOLDERS = Set.of("app", "env");

    private static final List<String> APPLICATION = List.of(
            "path", "application", "imageFile", ImageRuleReader.IMAGE_PATHS, ImageRuleReader.IMAGES);

    @Override
    public int weight() {
        return 50;
    }

    /** What holds without the file. */
    static DeliveryFile none() {
        return new DeliveryFile(LayoutPattern.DEFAULTS, null, Set.of(), ImagePolicy.WHERE_SEEN, Map.of());
    }

    /** Whether the file says nothing about where applications stand. */
    boolean usesDefaultLayouts() {
        return patterns.stream()
                .map(pattern -> pattern.withImages(List.of()))
                .toList()
                .equals(LayoutPattern.DEFAULTS);
    }

    DeliveryFile {
        sharedFiles = Set.copyOf(sharedFiles);
        locations = Map.copyOf(locations);
    }

    /**
     * @param file path for messages
     * @throws UserErrorException when anything in the file is unknown, of the wrong type or contradicts itself
     */
    static DeliveryFile parse(String file, byte[] content) throws UserErrorException {
        YamlText text = YamlText.parse(file, content);
        if (text.first().isEmpty() || !text.furtherRoots().isEmpty()) {
            SourceLocation place = text.furtherRoots().isEmpty()
                    ? SourceLocation.of(file)
                    : text.furtherRoots().get(0).location();
            throw new UserErrorException(
                    place,
                    "This file must contain one document",
                    "Write apiVersion: " + API_VERSION + " and kind: " + KIND + ", or remove the file");
        }
        StrictMapping root = StrictMapping.of(text.first().get(), "a delivery", ROOT);
        requireExactly(root, "apiVersion", API_VERSION);
        requireExactly(root, "kind", KIND);
        Map<String, SourceLocation> places = new HashMap<>();
        ImagePolicy image = EnvironmentPolicyReader.image(root, ImagePolicy.WHERE_SEEN);
        return new DeliveryFile(patterns(root), environments(root, image, places), sharedFiles(root), image, places);
    }

    private static void requireExactly(StrictMapping root, String key, String value) throws UserErrorException {
        String found = root.requiredText(key);
        if (!found.equals(value)) {
            throw new UserErrorException(
                    root.valueLocation(key), key + " \"" + found + "\" is not known", "Write " + value);
        }
    }

    private static List<LayoutPattern> patterns(StrictMapping root) throws UserErrorException {
        List<ImageRule> defaults = new ImageRuleReader(PLACEHOLDERS).rules(root);
        List<YamlNode> items = root.items("applications");
        if (items == null) {
            return LayoutPattern.DEFAULTS.stream()
                    .map(pattern -> pattern.withImages(defaults))
                    .toList();
        }
        requireFew(root, "applications", items.size());
        List<LayoutPattern> patterns = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (YamlNode item : items) {
            StrictMapping entry = StrictMapping.of(item, "an entry of applications", APPLICATION);
            LayoutPattern pattern = pattern(entry, defaults);
            if (!paths.add(pattern.toString())) {
                throw new UserErrorException(
                        entry.valueLocation("path"), "\"" + pattern + "\" is listed twice", "Remove one of the two");
            }
            patterns.add(pattern);
        }
        if (patterns.isEmpty()) {
            throw new UserErrorException(
                    root.valueLocation("applications"), "There is no application", "Name one, or remove the key");
        }
        return List.copyOf(patterns);
    }

    private static Set<String> sharedFiles(StrictMapping root) throws UserErrorException {
        List<String> files = root.texts("sharedFiles");
        requireFew(root, "sharedFiles", files.size());
        for (String file : files) {
            LayoutPattern.segments(root.valueLocation("sharedFiles"), file);
        }
        return Set.copyOf(files);
    }

    private static void requireFew(StrictMapping mapping, String key, int entries) throws UserErrorException {
        if (entries > MAX_ENTRIES) {
            throw new UserErrorException(
                    mapping.valueLocation(key),
                    "\"" + key + "\" has " + entries + " entries, and no more than " + MAX_ENTRIES + " are read",
                    "Write fewer");
        }
    }

    /** @param defaults rules for images of an entry that has none itself */
    private static LayoutPattern pattern(StrictMapping entry, List<ImageRule> defaults) throws UserErrorException {
        String path = entry.requiredText("path");
        String application = entry.text("application");
        String imageFile = entry.text("imageFile");
        ImageRuleReader images = new ImageRuleReader(PLACEHOLDERS);
        List<String> imagePaths = images.imagePaths(entry);
        List<ImageRule> rules = images.rules(entry);
        if (!rules.isEmpty() && !imagePaths.isEmpty()) {
            throw new UserErrorException(
                    entry.valueLocation(ImageRuleReader.IMAGE_PATHS),
                    "imagePaths and images both say where images are",
                    "Remove imagePaths");
        }
        LayoutPattern pattern = LayoutPattern.of(
                        entry.valueLocation("path"), path, application, imageFile, imagePaths)
                .withImages(rules.isEmpty() && imagePaths.isEmpty() ? defaults : rules);
        if (pattern.hasApp() == (application != null)) {
            throw new UserErrorException(
                    entry.valueLocation(application == null ? "path" : "application"),
                    application == null
                            ? "\"" + path + "\" has no {app}"
                            : "\"" + path + "\" has {app}, so the application has a name already",
                    application == null
                            ? "Name its application with application: NAME"
                            : "Remove application, or {app}");
        }
        if (application != null) {
            requireName(entry, "application", application);
        }
        if (imageFile != null) {
            LayoutPattern.segments(entry.valueLocation("imageFile"), imageFile);
            requirePlaceholders(entry, imageFile);
        }
        return pattern;
    }

    private static void requirePlaceholders(StrictMapping entry, String imageFile) throws UserErrorException {
        String rest = imageFile.replace(LayoutPattern.APP, "").replace(LayoutPattern.ENV, "");
        if (rest.contains("{") || rest.contains("}") || rest.contains("*")) {
            throw new UserErrorException(
                    entry.valueLocation("imageFile"),
                    "\"" + imageFile + "\" is not a valid file name",
                    "Write a file's name, with {app} and {env} as placeholders");
        }
    }

    @CheckForNull
    private static List<Environment> environments(
            StrictMapping root, ImagePolicy image, Map<String, SourceLocation> places) throws UserErrorException {
        List<YamlNode> items = root.items("environments");
        if (items == null) {
            return null;
        }
        requireFew(root, "environments", items.size());
        Map<String, Environment> environments = new LinkedHashMap<>();
        Map<String, SourceLocation> sources = new LinkedHashMap<>();
        for (YamlNode item : items) {
            StrictMapping entry = StrictMapping.of(item, "an environment", EnvironmentPolicyReader.KEYS);
            String name = entry.requiredText("name");
            requireName(entry, "environment", name);
            Environment environment = new Environment(
                    name,
                    entry.text("promoteFrom"),
                    EnvironmentPolicyReader.approval(entry, name),
                    entry.flag(EnvironmentPolicyReader.REQUIRE_REASON, false),
                    EnvironmentPolicyReader.agent(entry),
                    EnvironmentPolicyReader.branches(entry),
                    EnvironmentPolicyReader.rollback(entry),
                    EnvironmentPolicyReader.image(entry, image));
            if (environments.put(name, environment) != null) {
                throw new UserErrorException(
                        entry.valueLocation("name"),
                        "The environment \"" + name + "\" is listed twice",
                        "Remove one of the two");
            }
            sources.put(name, entry.valueLocation("promoteFrom"));
            for (String key : EnvironmentPolicyReader.PLACES) {
                places.put(EnvironmentPolicyReader.keyPath(name, key), entry.keyLocation(key));
            }
        }
        if (environments.isEmpty()) {
            throw new UserErrorException(
                    root.valueLocation("environments"), "There is no environment", "Name one, or remove the key");
        }
        return PromotionOrder.of(environments, sources);
    }

    private static void requireName(StrictMapping entry, String what, String name) throws UserErrorException {
        if (!LayoutPattern.isName(name)) {
            throw new UserErrorException(
                    entry.valueLocation(what.equals("environment") ? "name" : what),
                    "\"" + name + "\" is not a valid " + what + " name",
                    "Use lower-case letters, digits, '-' and '.', with a letter or digit at both ends");
        }
    }
}
