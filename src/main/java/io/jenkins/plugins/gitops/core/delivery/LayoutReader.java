package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code applications} and {@code targets} of {@code gitops.yaml}. */
final class LayoutReader {
    static final String APPLICATIONS = "applications";
    static final String TARGETS = "targets";
    /** Maximum number of entries in {@code targets}. */
    private static final int MAX_TARGETS = 1_000;

    private static final String APPLICATION = "application";
    private static final String ENVIRONMENT = "environment";
    private static final String PATH = "path";
    private static final String IMAGE_FILE = "imageFile";
    private static final String FILE = "file";
    private static final List<String> APPLICATION_KEYS =
            List.of(PATH, APPLICATION, ENVIRONMENT, IMAGE_FILE, ImageRuleReader.IMAGE_PATHS, ImageRuleReader.IMAGES);
    private static final List<String> TARGET_KEYS = List.of(
            APPLICATION,
            ENVIRONMENT,
            PATH,
            FILE,
            TargetBranches.BRANCH,
            ImageRuleReader.IMAGE_PATHS,
            ImageRuleReader.IMAGES);

    private final StrictMapping root;
    private final EnvironmentNames environments;
    /** Collects the branches of single targets. */
    private final TargetBranches branches;
    /** Rules for the images of entries without their own rules. */
    private final List<ImageRule> defaultImages;

    /**
     * @param environments names of the environments in paths
     * @param branches of environments; those of single targets are added
     * @throws UserErrorException when the default rules for images are invalid
     */
    LayoutReader(StrictMapping root, EnvironmentNames environments, TargetBranches branches) throws UserErrorException {
        this.root = root;
        this.environments = environments;
        this.branches = branches;
        this.defaultImages = new ImageRuleReader(Set.of(LayoutPattern.APP, LayoutPattern.ENV)).rules(root);
    }

    /** The patterns to use without entries. */
    List<LayoutPattern> defaults() {
        return BuiltInLayouts.PATTERNS.stream()
                .map(pattern -> pattern.withImages(defaultImages))
                .toList();
    }

    /**
     * The entries of {@code applications}; null when the key is missing.
     *
     * @throws UserErrorException when an entry does not define where targets are, or duplicates another
     */
    @CheckForNull
    List<LayoutPattern> applications() throws UserErrorException {
        List<YamlNode> items = root.items(APPLICATIONS);
        if (items == null) {
            return null;
        }
        DeliveryFile.requireFew(root, APPLICATIONS, items.size());
        List<LayoutPattern> patterns = new ArrayList<>();
        Set<List<Object>> known = new HashSet<>();
        for (YamlNode item : items) {
            StrictMapping entry = StrictMapping.of(item, "an entry of applications", APPLICATION_KEYS);
            LayoutPattern pattern = pattern(entry);
            if (!known.add(List.of(pattern.path(), String.valueOf(pattern.application()), pattern.environment()))) {
                throw new UserErrorException(
                        entry.valueLocation(PATH), "\"" + pattern + "\" is listed twice", "Remove one of the two");
            }
            if (pattern.environment().isLiteral()) {
                requireEnvironment(entry, pattern.environment().toString());
            }
            patterns.add(pattern);
        }
        if (patterns.isEmpty()) {
            throw new UserErrorException(
                    root.valueLocation(APPLICATIONS), "There is no application", "Name one, or remove the key");
        }
        return sharing(patterns);
    }

    /** Marks entries that have the same folders as another entry, but other names. */
    private static List<LayoutPattern> sharing(List<LayoutPattern> patterns) {
        Map<List<NameTemplate>, Set<List<String>>> names = new HashMap<>();
        for (LayoutPattern pattern : patterns) {
            names.computeIfAbsent(pattern.path().folder(), folder -> new HashSet<>())
                    .add(List.of(String.valueOf(pattern.application()), String.valueOf(pattern.environment())));
        }
        return patterns.stream()
                .map(pattern -> names.get(pattern.path().folder()).size() > 1 ? pattern.sharingFolder() : pattern)
                .toList();
    }

    /**
     * The targets followed by the others. A target whose folder also contains files of others does not own the whole
     * folder.
     */
    static List<LayoutPattern> together(List<LayoutPattern> targets, List<LayoutPattern> others) {
        List<LayoutPattern> all = new ArrayList<>();
        for (LayoutPattern target : targets) {
            String folder = target.path().folderText();
            boolean shares = others.stream()
                    .anyMatch(other -> other.isOnlyFile() && other.path().isFolder(folder));
            all.add(shares ? target.sharingFolder() : target);
        }
        all.addAll(others);
        return all;
    }

    private LayoutPattern pattern(StrictMapping entry) throws UserErrorException {
        PathTemplate raw = path(entry);
        NameTemplate application = name(entry, APPLICATION, LayoutPattern.APP, raw);
        NameTemplate environment = name(entry, ENVIRONMENT, LayoutPattern.ENV, raw);
        // In the file's name, {app} and {env} are the values of application and environment.
        Map<String, NameTemplate> given = new HashMap<>();
        if (!application.placeholders().contains(LayoutPattern.APP)) {
            given.put(LayoutPattern.APP, application);
        }
        if (!environment.placeholders().contains(LayoutPattern.ENV)) {
            given.put(LayoutPattern.ENV, environment);
        }
        PathTemplate template = new PathTemplate(
                raw.folder(),
                raw.file().stream().map(segment -> segment.expand(given)).toList());
        requirePlaceholders(entry, APPLICATION, application, template);
        if (isOfBranch(entry, raw)) {
            requireOnePerBranch(entry, template);
        } else {
            requirePlaceholders(entry, ENVIRONMENT, environment, template);
        }
        return new LayoutPattern(
                template,
                application,
                environment,
                imagePaths(entry, template),
                null,
                LayoutPattern.Source.APPLICATIONS,
                false,
                images(entry, template));
    }

    /** The folder and the file of an entry; without a file key, the path may end with the file. */
    private static PathTemplate path(StrictMapping entry) throws UserErrorException {
        SourceLocation location = entry.valueLocation(PATH);
        List<NameTemplate> path = LayoutPattern.templates(location, entry.requiredText(PATH));
        String imageFile = entry.text(IMAGE_FILE);
        if (imageFile != null) {
            return new PathTemplate(path, LayoutPattern.templates(entry.valueLocation(IMAGE_FILE), imageFile));
        }
        int last = path.size() - 1;
        if (!path.get(last).isFileName()) {
            return new PathTemplate(path, List.of());
        }
        if (last == 0) {
            throw new UserErrorException(
                    location,
                    "\"" + path.get(last) + "\" is a file at the root, and a target needs a folder",
                    "Move the files into a folder, and write it before the name of the file");
        }
        return new PathTemplate(path.subList(0, last), path.subList(last, last + 1));
    }

    /** Whether the branch determines the environment of an entry. */
    private boolean isOfBranch(StrictMapping entry, PathTemplate path) throws UserErrorException {
        return !branches.isEmpty()
                && environments.areDeclared()
                && entry.text(ENVIRONMENT) == null
                && !path.placeholders().contains(LayoutPattern.ENV);
    }

    /** Checks that each branch has at most one environment, so that it determines the environment of an entry. */
    private void requireOnePerBranch(StrictMapping entry, PathTemplate path) throws UserErrorException {
        for (TreeBranch branch : branches.trees()) {
            List<String> several = branches.environmentsOn(branch, environments.names());
            if (several.size() > 1) {
                throw new UserErrorException(
                        entry.valueLocation(PATH),
                        "\"" + path + "\" has no {env}, and "
                                + (branch.isOfPolicy() ? "without branch" : "on branch " + branch.name()) + " are "
                                + NameList.list(several),
                        "Write {env} in path or imageFile, name its environment with environment: NAME, or give each"
                                + " environment its own branch");
            }
        }
    }

    /** The template in {@code application} or {@code environment}; without the key, the placeholder of the path. */
    private NameTemplate name(StrictMapping entry, String key, String placeholder, PathTemplate path)
            throws UserErrorException {
        String text = entry.text(key);
        boolean inPath = path.folderPlaceholders().contains(placeholder);
        String braces = "{" + placeholder + "}";
        if (text == null) {
            boolean ofBranch = placeholder.equals(LayoutPattern.ENV) && isOfBranch(entry, path);
            if (!ofBranch && !path.placeholders().contains(placeholder)) {
                throw new UserErrorException(
                        entry.valueLocation(PATH),
                        "\"" + path + "\" has no " + braces,
                        "Write " + braces + " in path or imageFile, or name its " + key + " with " + key + ": NAME");
            }
            return NameTemplate.placeholder(placeholder);
        }
        NameTemplate name = NameTemplate.parse(entry.valueLocation(key), text);
        boolean uses = name.placeholders().contains(placeholder);
        if (inPath && !uses) {
            throw new UserErrorException(
                    entry.valueLocation(key),
                    "\"" + path.folderText() + "\" has " + braces + ", so the " + key + " has a name already",
                    "Remove " + key + ", write " + braces + " in it, or call the placeholder something else");
        }
        if (name.isLiteral()) {
            DeliveryFile.requireName(entry.valueLocation(key), key, text);
        }
        return name;
    }

    private static void requirePlaceholders(StrictMapping entry, String key, NameTemplate name, PathTemplate path)
            throws UserErrorException {
        Set<String> unknown = name.without(path.placeholders());
        if (!unknown.isEmpty()) {
            throw new UserErrorException(
                    entry.valueLocation(key),
                    "\"{" + unknown.iterator().next() + "}\" is neither in path nor in imageFile",
                    "Use a placeholder of \"" + path + "\"");
        }
    }

    /**
     * The entries of {@code targets}; empty when the key is missing.
     *
     * @throws UserErrorException when an entry is not a single target, or duplicates another
     */
    List<LayoutPattern> targets() throws UserErrorException {
        List<YamlNode> items = root.items(TARGETS);
        if (items == null) {
            return List.of();
        }
        DeliveryFile.requireFew(root, TARGETS, items.size(), MAX_TARGETS);
        Set<String> ids = new HashSet<>();
        List<LayoutPattern> patterns = new ArrayList<>();
        for (YamlNode item : items) {
            StrictMapping entry = StrictMapping.of(item, "an entry of targets", TARGET_KEYS);
            LayoutPattern pattern = target(entry);
            String id = pattern.application() + "/" + pattern.environment();
            if (!ids.add(id)) {
                throw new UserErrorException(
                        entry.location(), "The target " + id + " is listed twice", "Remove one of the two");
            }
            branches.addTarget(id, entry);
            patterns.add(pattern);
        }
        return sharing(patterns);
    }

    private LayoutPattern target(StrictMapping entry) throws UserErrorException {
        String application = entry.requiredText(APPLICATION);
        DeliveryFile.requireName(entry.valueLocation(APPLICATION), APPLICATION, application);
        String environment = entry.requiredText(ENVIRONMENT);
        DeliveryFile.requireName(entry.valueLocation(ENVIRONMENT), ENVIRONMENT, environment);
        requireEnvironment(entry, environment);
        String path = entry.requiredText(PATH);
        String file = entry.text(FILE);
        PathTemplate place = new PathTemplate(
                literals(entry.valueLocation(PATH), path),
                file == null ? List.of() : literals(entry.valueLocation(FILE), file));
        return new LayoutPattern(
                place,
                NameTemplate.literal(application),
                NameTemplate.literal(environment),
                imagePaths(entry, place),
                null,
                LayoutPattern.Source.TARGETS,
                false,
                images(entry, place));
    }

    private void requireEnvironment(StrictMapping entry, String environment) throws UserErrorException {
        if (!environments.contains(environment)) {
            throw new UserErrorException(
                    entry.valueLocation(ENVIRONMENT),
                    "There is no environment \"" + environment + "\"",
                    "Use one of " + NameList.list(environments.names()) + ", or add it to environments");
        }
    }

    /**
     * The names of environments in paths: their {@code folder}, or else their name.
     *
     * @throws UserErrorException when two have the same one
     */
    static EnvironmentNames environmentNames(StrictMapping root) throws UserErrorException {
        List<YamlNode> items = root.items(DeliveryFile.ENVIRONMENTS);
        if (items == null) {
            return EnvironmentNames.ANY;
        }
        Map<String, String> folders = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        for (YamlNode item : items) {
            StrictMapping entry = StrictMapping.of(item, "an environment", EnvironmentPolicyReader.KEYS);
            String name = entry.requiredText(EnvironmentPolicyReader.NAME);
            String folder = entry.text(EnvironmentPolicyReader.FOLDER);
            SourceLocation location = entry.valueLocation(EnvironmentPolicyReader.FOLDER);
            if (folder != null && LayoutPattern.segments(location, folder).size() > 1) {
                throw new UserErrorException(
                        location,
                        "\"" + folder + "\" is more than one folder",
                        "Write what is in the place of {env} in a path; for several parts, use several placeholders and"
                                + " environment: in applications");
            }
            if (!known.add(folder == null ? name : folder)) {
                throw new UserErrorException(
                        folder == null ? entry.valueLocation(EnvironmentPolicyReader.NAME) : location,
                        "Two environments have the folder \"" + (folder == null ? name : folder) + "\"",
                        "Change folder of one of them");
            }
            folders.put(name, folder == null ? name : folder);
        }
        return EnvironmentNames.declared(folders);
    }

    private static List<NameTemplate> literals(SourceLocation location, String path) throws UserErrorException {
        List<NameTemplate> names = new ArrayList<>();
        for (String segment : LayoutPattern.segments(location, path)) {
            names.add(NameTemplate.literal(segment));
        }
        return names;
    }

    private static List<String> imagePaths(StrictMapping entry, PathTemplate path) throws UserErrorException {
        return new ImageRuleReader(LayoutPattern.placeholders(path)).imagePaths(entry);
    }

    /** The rules for images of an entry, or else the default rules. */
    private List<ImageRule> images(StrictMapping entry, PathTemplate path) throws UserErrorException {
        List<ImageRule> rules = new ImageRuleReader(LayoutPattern.placeholders(path)).rules(entry);
        boolean hasPaths = entry.value(ImageRuleReader.IMAGE_PATHS) != null;
        if (!rules.isEmpty() && hasPaths) {
            throw new UserErrorException(
                    entry.valueLocation(ImageRuleReader.IMAGE_PATHS),
                    "imagePaths and images both say where images are",
                    "Remove imagePaths");
        }
        return rules.isEmpty() && !hasPaths ? defaultImages : rules;
    }
}
