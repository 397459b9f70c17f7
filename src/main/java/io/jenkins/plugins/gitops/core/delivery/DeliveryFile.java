package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache.Weighted;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The content of {@code gitops.yaml}.
 *
 * @param patterns of targets, those of {@code targets} first; the default layouts when the file declares no
 *     applications
 * @param usesDefaultLayouts whether the file declares no applications
 * @param environments in promotion order; null when the file declares none
 * @param environmentNames names of the environments in paths
 * @param sharedFiles files that targets of several environments share on purpose
 * @param image whether images must be seen running, for environments without their own setting
 * @param branches the branches of the targets
 * @param locations of environments' rules, by {@link EnvironmentPolicyReader#keyPath}
 */
record DeliveryFile(
        List<LayoutPattern> patterns,
        boolean usesDefaultLayouts,
        @CheckForNull List<Environment> environments,
        EnvironmentNames environmentNames,
        Set<String> sharedFiles,
        ImagePolicy image,
        TargetBranches branches,
        Map<String, SourceLocation> locations)
        implements Weighted {
    static final String API_VERSION = "gitops.jenkins.io/v1alpha1";
    static final String KIND = "Delivery";
    private static final String SHARED_FILES = "sharedFiles";
    static final String ENVIRONMENTS = "environments";
    private static final List<String> ROOT = List.of(
            "apiVersion",
            "kind",
            LayoutReader.APPLICATIONS,
            LayoutReader.TARGETS,
            ImageRuleReader.IMAGES,
            SHARED_FILES,
            EnvironmentPolicyReader.IMAGE,
            ENVIRONMENTS);
    /** Maximum number of entries in a list; larger files would be generated. */
    private static final int MAX_ENTRIES = 200;

    @Override
    public int weight() {
        return 50 + 5 * patterns.size();
    }

    /** Used if there is no file. */
    static DeliveryFile none() {
        return new DeliveryFile(
                BuiltInLayouts.PATTERNS,
                true,
                null,
                EnvironmentNames.ANY,
                Set.of(),
                ImagePolicy.WHERE_SEEN,
                TargetBranches.NONE,
                Map.of());
    }

    DeliveryFile {
        patterns = List.copyOf(patterns);
        sharedFiles = Set.copyOf(sharedFiles);
        locations = Map.copyOf(locations);
    }

    /**
     * @param file path for messages
     * @throws UserErrorException when anything in the file is unknown, of the wrong type or contradictory
     */
    static DeliveryFile parse(String file, byte[] content) throws UserErrorException {
        return read(root(file, content));
    }

    /** The file's root mapping. */
    static YamlNode root(String file, byte[] content) throws UserErrorException {
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
        return text.first().get();
    }

    /**
     * As {@link #parse}.
     *
     * @param node the file's root mapping
     */
    static DeliveryFile read(YamlNode node) throws UserErrorException {
        StrictMapping root = StrictMapping.of(node, "a delivery", ROOT);
        requireExactly(root, "apiVersion", API_VERSION);
        requireExactly(root, "kind", KIND);
        Map<String, SourceLocation> places = new HashMap<>();
        ImagePolicy image = EnvironmentPolicyReader.image(root, ImagePolicy.WHERE_SEEN);
        TargetBranches branches = new TargetBranches();
        List<Environment> environments = environments(root, image, branches, places);
        EnvironmentNames names = LayoutReader.environmentNames(root);
        LayoutReader layouts = new LayoutReader(root, names, branches);
        List<LayoutPattern> targets = layouts.targets();
        List<LayoutPattern> applications = layouts.applications();
        List<LayoutPattern> patterns =
                LayoutReader.together(targets, applications == null ? layouts.defaults() : applications);
        return new DeliveryFile(
                patterns, applications == null, environments, names, sharedFiles(root), image, branches, places);
    }

    private static void requireExactly(StrictMapping root, String key, String value) throws UserErrorException {
        String found = root.requiredText(key);
        if (!found.equals(value)) {
            throw new UserErrorException(
                    root.valueLocation(key), key + " \"" + found + "\" is not known", "Write " + value);
        }
    }

    private static Set<String> sharedFiles(StrictMapping root) throws UserErrorException {
        List<String> files = root.texts(SHARED_FILES);
        requireFew(root, SHARED_FILES, files.size());
        for (String file : files) {
            LayoutPattern.segments(root.valueLocation(SHARED_FILES), file);
        }
        return Set.copyOf(files);
    }

    /** Rejects a list with too many entries. */
    static void requireFew(StrictMapping mapping, String key, int entries) throws UserErrorException {
        requireFew(mapping, key, entries, MAX_ENTRIES);
    }

    static void requireFew(StrictMapping mapping, String key, int entries, int max) throws UserErrorException {
        if (entries > max) {
            throw new UserErrorException(
                    mapping.valueLocation(key),
                    "\"" + key + "\" has " + entries + " entries, and no more than " + max + " are read",
                    "Write fewer");
        }
    }

    @CheckForNull
    private static List<Environment> environments(
            StrictMapping root, ImagePolicy image, TargetBranches branches, Map<String, SourceLocation> places)
            throws UserErrorException {
        List<YamlNode> items = root.items(ENVIRONMENTS);
        if (items == null) {
            return null;
        }
        requireFew(root, ENVIRONMENTS, items.size());
        Map<String, Environment> environments = new LinkedHashMap<>();
        Map<String, SourceLocation> sources = new LinkedHashMap<>();
        for (YamlNode item : items) {
            StrictMapping entry = StrictMapping.of(item, "an environment", EnvironmentPolicyReader.KEYS);
            String name = entry.requiredText(EnvironmentPolicyReader.NAME);
            requireName(entry.valueLocation(EnvironmentPolicyReader.NAME), "environment", name);
            Environment environment = new Environment(
                    name,
                    entry.text("promoteFrom"),
                    EnvironmentPolicyReader.approval(entry, name),
                    entry.flag(EnvironmentPolicyReader.REQUIRE_REASON, false),
                    EnvironmentPolicyReader.agent(entry),
                    EnvironmentPolicyReader.branches(entry),
                    EnvironmentPolicyReader.rollback(entry),
                    EnvironmentPolicyReader.image(entry, image),
                    ImageNameMapping.of(entry));
            if (environments.put(name, environment) != null) {
                throw new UserErrorException(
                        entry.valueLocation(EnvironmentPolicyReader.NAME),
                        "The environment \"" + name + "\" is listed twice",
                        "Remove one of the two");
            }
            branches.addEnvironment(name, entry);
            sources.put(name, entry.valueLocation("promoteFrom"));
            for (String key : EnvironmentPolicyReader.PLACES) {
                places.put(EnvironmentPolicyReader.keyPath(name, key), entry.keyLocation(key));
            }
        }
        if (environments.isEmpty()) {
            throw new UserErrorException(
                    root.valueLocation(ENVIRONMENTS), "There is no environment", "Name one, or remove the key");
        }
        return PromotionOrder.of(environments, sources);
    }

    /** @param what the name is for, in one word */
    static void requireName(SourceLocation location, String what, String name) throws UserErrorException {
        if (!LayoutPattern.isName(name)) {
            throw new UserErrorException(
                    location, "\"" + name + "\" is not a valid " + what + " name", LayoutPattern.NAME_RULE);
        }
    }
}
