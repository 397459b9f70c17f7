package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where targets are, and how their names are determined.
 *
 * @param path folders, and the image files where they are named
 * @param application name of the application, with placeholders of the path; null when it is named after its image
 * @param environment the environment's name in paths, with placeholders of the path
 * @param imagePaths dotted paths of the images in Helm values; empty for the default
 * @param mark name of a file next to the named file that makes it a target even if it sets no image; null for none
 * @param source of the pattern
 * @param sharesFolder whether another pattern with the same folders is for other targets
 * @param images rules for the images of its targets, with placeholders; empty to detect them
 */
record LayoutPattern(
        PathTemplate path,
        @CheckForNull NameTemplate application,
        NameTemplate environment,
        List<String> imagePaths,
        @CheckForNull String mark,
        Source source,
        boolean sharesFolder,
        List<ImageRule> images) {
    /** The source of a pattern. */
    enum Source {
        /** Built in: a folder such as {@code overlays} shows where environments are. */
        BUILT_IN,
        /**
         * Built in, but only for well-known names of environments, since nothing else distinguishes the parts of the
         * path.
         */
        BUILT_IN_BY_NAME,
        /** An entry of {@code applications}. */
        APPLICATIONS,
        /** An entry of {@code targets}, which takes precedence over all others. */
        TARGETS
    }

    /** Name of the placeholder for the application. */
    static final String APP = "app";
    /** Name of the placeholder for the environment. */
    static final String ENV = "env";

    private static final int MAX_NAME = 253;
    /** Maximum depth of a path in gitops.yaml, and thus of a walk. */
    private static final int MAX_SEGMENTS = 30;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9._]*[A-Za-z0-9])?");
    /** The rule of {@link #isName}, as the remedy of a message. */
    static final String NAME_RULE =
            "Use letters, digits, '-', '_' and '.', with a letter or digit at both ends and no two dots together";

    /** Characters that are not allowed in the name of a Kubernetes object. */
    private static final Pattern NOT_IN_OBJECT_NAME = Pattern.compile("[^-a-z0-9.]");

    LayoutPattern {
        imagePaths = List.copyOf(imagePaths);
        images = List.copyOf(images);
    }

    /** A copy with these rules for images. */
    LayoutPattern withImages(List<ImageRule> rules) {
        return new LayoutPattern(path, application, environment, imagePaths, mark, source, sharesFolder, rules);
    }

    /** Whether the branch determines the environment, because neither the path nor {@code environment} does. */
    boolean isOfBranch() {
        return environment.placeholders().contains(ENV) && !path.placeholders().contains(ENV);
    }

    /** A copy for one environment. */
    LayoutPattern inEnvironment(String name) {
        return new LayoutPattern(
                path, application, NameTemplate.literal(name), imagePaths, mark, source, sharesFolder, images);
    }

    /** Whether this is a valid name of an application or environment. */
    static boolean isName(String text) {
        return text.length() <= MAX_NAME && NAME.matcher(text).matches() && !text.contains("..");
    }

    /** Whether it is used without {@code gitops.yaml}. */
    boolean isBuiltIn() {
        return source == Source.BUILT_IN || source == Source.BUILT_IN_BY_NAME;
    }

    /**
     * The segments of a relative path, with placeholders.
     *
     * @throws UserErrorException as {@link #segments} and {@link NameTemplate#parse}
     */
    static List<NameTemplate> templates(@CheckForNull SourceLocation location, String path) throws UserErrorException {
        List<NameTemplate> templates = new ArrayList<>();
        for (String segment : segments(location, path)) {
            templates.add(NameTemplate.parse(location, segment));
        }
        return templates;
    }

    /**
     * The segments of a relative path.
     *
     * @throws UserErrorException when it is absolute, ends with a slash, or has empty, {@code .} or {@code ..} segments
     */
    static List<String> segments(@CheckForNull SourceLocation location, String path) throws UserErrorException {
        List<String> segments = Arrays.asList(path.split("/", MAX_SEGMENTS + 2));
        if (segments.size() > MAX_SEGMENTS) {
            throw new UserErrorException(
                    location, "This path has more than " + MAX_SEGMENTS + " folders", "Write a shorter one");
        }
        if (segments.contains("") || segments.contains(".") || segments.contains("..") || path.contains("\\")) {
            throw new UserErrorException(
                    location,
                    "\"" + path + "\" is not a valid relative path",
                    "Write it without leading and trailing slashes, without \".\", \"..\" and backslashes");
        }
        return segments;
    }

    /** A copy for which another pattern has the same folders and is for other targets. */
    LayoutPattern sharingFolder() {
        return new LayoutPattern(path, application, environment, imagePaths, mark, source, true, images);
    }

    /** Whether neither the path nor the pattern contains the application, so that it is named after its image. */
    boolean isNamedByImage() {
        return application == null;
    }

    /** Whether the folder identifies the target, without the name of its file. */
    boolean isFolderOfOne() {
        return !sharesFolder
                && path.folderHas(environment.placeholders())
                && (application == null || path.folderHas(application.placeholders()));
    }

    /** Whether only the named file belongs to the target, and not its whole folder. */
    boolean isOnlyFile() {
        return path.hasFile()
                && (!isFolderOfOne()
                        || !path.file().stream().allMatch(segment -> path.folderHas(segment.placeholders())));
    }

    /** The values of placeholders for a target with these names; empty when the pattern does not match it. */
    List<Map<String, String>> valuesOf(@CheckForNull String app, @CheckForNull String environmentText) {
        List<Map<String, String>> readings = List.of(Map.of());
        if (app != null && application != null) {
            readings = application.match(app, Map.of());
        }
        if (environmentText == null) {
            return readings;
        }
        List<Map<String, String>> both = new ArrayList<>();
        readings.forEach(known -> both.addAll(environment.match(environmentText, known)));
        return both;
    }

    /** The name of the application; null while a placeholder has no value, or if it is named after its image. */
    @CheckForNull
    String applicationOf(Map<String, String> values) {
        return application == null ? null : application.fill(values);
    }

    /**
     * The target at the location of the pattern, whether or not the folder exists.
     *
     * @param values of all placeholders of the path
     */
    Target target(String app, String env, Map<String, String> values) {
        String applicationName = isFolderOfOne() ? null : objectName(app + "-" + env);
        Target target = new Target(app, env, path.folder(values), path.file(values), imagePaths, applicationName);
        if (images.isEmpty() && imagePaths.isEmpty()) {
            return target;
        }
        Map<String, String> known = new HashMap<>(values);
        known.putIfAbsent(APP, app);
        known.putIfAbsent(ENV, environment.fill(values));
        List<String> paths = ImageRule.resolvePaths(imagePaths, known);
        return new Target(app, env, path.folder(values), path.file(values), paths, applicationName)
                .withImages(images.stream().map(rule -> rule.resolve(known)).toList());
    }

    /** Names of all placeholders that have a value for a target. */
    static Set<String> placeholders(PathTemplate path) {
        Set<String> names = new LinkedHashSet<>(path.placeholders());
        names.addAll(List.of(APP, ENV));
        return names;
    }

    /**
     * Converts a text to the name of a Kubernetes object, as {@code SanitizeName} of Argo CD does for ApplicationSets:
     * to lower case, with a hyphen for each invalid character.
     */
    static String objectName(String text) {
        return NOT_IN_OBJECT_NAME
                .matcher(text.toLowerCase(Locale.ROOT))
                .replaceAll("-")
                .replaceAll("\\A[-.]+|[-.]+\\z", "");
    }

    /**
     * The path where the target with these values would be, with placeholders for missing values: its file, or else its
     * folder.
     */
    String expectedPath(Map<String, String> values) {
        Map<String, NameTemplate> known = new HashMap<>();
        values.forEach((name, value) -> known.put(name, NameTemplate.literal(value)));
        PathTemplate expected = new PathTemplate(
                path.folder().stream().map(segment -> segment.expand(known)).toList(),
                path.file().stream().map(segment -> segment.expand(known)).toList());
        return isOnlyFile() ? expected.toString() : expected.folderText();
    }

    @Override
    public String toString() {
        return isOnlyFile() ? path.toString() : path.folderText();
    }
}
