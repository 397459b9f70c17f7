package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where the folders of targets stand: literal path segments with {@code {app}} and {@code {env}} in between.
 *
 * @param segments of the path; {@code {env}} at most once, {@code {app}} at most once
 * @param application the only application of a pattern without {@code {app}}; null when there is {@code {app}}, or the
 *     application is called after its image
 * @param imageFile path below the target's folder, with {@code {app}} and {@code {env}}; null when it is found by looking.
 *     Where the path has no {@code {env}}, the environments of a folder are those of its image files
 * @param imagePaths dotted paths of the images in Helm values; empty means the usual one
 * @param mark name of a file without which a folder is none of this pattern; null when any is
 * @param images where the images of its targets are set, with placeholders; empty when they are looked for
 */
record LayoutPattern(
        List<String> segments,
        @CheckForNull String application,
        @CheckForNull String imageFile,
        List<String> imagePaths,
        @CheckForNull String mark,
        List<ImageRule> images) {
    static final String APP = "{app}";
    static final String ENV = "{env}";

    /** What works without {@code gitops.yaml}. */
    static final List<LayoutPattern> DEFAULTS = List.of(
            pattern("services/{app}/overlays/{env}"),
            pattern("apps/{app}/overlays/{env}"),
            pattern("k8s/overlays/{env}"),
            new LayoutPattern(List.of("charts", APP), null, "values-{env}.yaml", List.of(), "Chart.yaml"));

    /** Characters of a name, as Kubernetes takes them. */
    private static final int MAX_NAME = 253;
    /** Folders of a path in gitops.yaml; a walk goes as deep as that. */
    private static final int MAX_SEGMENTS = 30;

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?");

    LayoutPattern {
        segments = List.copyOf(segments);
        imagePaths = List.copyOf(imagePaths);
        images = List.copyOf(images);
    }

    /** One whose images are looked for. */
    LayoutPattern(
            List<String> segments,
            @CheckForNull String application,
            @CheckForNull String imageFile,
            List<String> imagePaths,
            @CheckForNull String mark) {
        this(segments, application, imageFile, imagePaths, mark, List.of());
    }

    /** The same with images set where these rules say. */
    LayoutPattern withImages(List<ImageRule> rules) {
        return new LayoutPattern(segments, application, imageFile, imagePaths, mark, rules);
    }

    /** Whether this can be the name of an application or environment. */
    static boolean isName(String text) {
        return text.length() <= MAX_NAME && NAME.matcher(text).matches() && !text.contains("..");
    }

    /**
     * @throws UserErrorException when a segment is empty, leads out of the folder or mixes a placeholder with other
     *     text, or {@code {env}} stands there neither once nor, instead, once in the name of the image file
     */
    static LayoutPattern of(
            SourceLocation location,
            String path,
            @CheckForNull String application,
            @CheckForNull String imageFile,
            List<String> imagePaths)
            throws UserErrorException {
        LayoutPattern pattern = new LayoutPattern(segments(location, path), application, imageFile, imagePaths, null);
        for (String segment : pattern.segments) {
            boolean placeholder = segment.equals(APP) || segment.equals(ENV);
            if (!placeholder && (segment.contains("{") || segment.contains("}") || segment.contains("*"))) {
                throw new UserErrorException(
                        location,
                        "\"" + segment + "\" is not a valid path segment",
                        "Write a folder's name, {app} or {env} between two slashes");
            }
        }
        int apps = Collections.frequency(pattern.segments, APP);
        int envs = Collections.frequency(pattern.segments, ENV);
        if (envs > 1 || envs == 0 && !pattern.hasEnvInFileName() || apps > 1) {
            throw new UserErrorException(
                    location,
                    "\"" + path + "\" does not say which parts name applications and environments",
                    "Write {env} once, in the path or in the name of imageFile, and {app} once, or with application:"
                            + " NAME not at all");
        }
        return pattern;
    }

    private boolean hasEnvInFileName() {
        return !fileFolder().contains("{")
                && fileName().indexOf(ENV) >= 0
                && fileName().indexOf(ENV) == fileName().lastIndexOf(ENV);
    }

    /** Whether one folder holds the files of several environments. */
    boolean hasEnvInFile() {
        return !segments.contains(ENV);
    }

    /** The folder of the image file below the target's folder, with a slash behind; often nothing. */
    String fileFolder() {
        return file().substring(0, file().lastIndexOf('/') + 1);
    }

    private String fileName() {
        return file().substring(file().lastIndexOf('/') + 1);
    }

    private String file() {
        return Objects.requireNonNullElse(imageFile, "");
    }

    /** The environment whose image file has this name; null when it is no environment's. */
    @CheckForNull
    String environmentOf(String file, @CheckForNull String app) {
        String name = app == null ? fileName() : fileName().replace(APP, app);
        int at = name.indexOf(ENV);
        String before = name.substring(0, at);
        String after = name.substring(at + ENV.length());
        boolean fits =
                file.length() > before.length() + after.length() && file.startsWith(before) && file.endsWith(after);
        String env = fits ? file.substring(at, file.length() - after.length()) : "";
        return isName(env) ? env : null;
    }

    /**
     * The segments of a relative path.
     *
     * @throws UserErrorException when it is absolute, ends with a slash, or has empty, {@code .} or {@code ..} segments
     */
    static List<String> segments(SourceLocation location, String path) throws UserErrorException {
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

    boolean hasApp() {
        return segments.contains(APP);
    }

    /** Whether the application has no {@code {app}} and no name, and so is called after its image. */
    boolean isNamedByImage() {
        return application == null && !hasApp();
    }

    /** Whether the pattern could lead to this application. */
    boolean canContain(String app) {
        String only = application;
        return only == null || only.equals(app);
    }

    /** The target at the place that the pattern names, whether or not there is such a folder. */
    Target target(@CheckForNull String app, String env) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append(path.isEmpty() ? "" : "/");
            path.append(segment.equals(APP) ? app : segment.equals(ENV) ? env : segment);
        }
        String name = application == null ? app : application;
        String file = imageFile == null ? null : path + "/" + filled(name, env);
        String reportedAs = hasEnvInFile() ? name + "-" + env : null;
        Map<String, String> values = values(name, env);
        return new Target(app, env, path.toString(), file, ImageRule.resolvePaths(imagePaths, values), reportedAs)
                .withImages(images.stream().map(rule -> rule.resolve(values)).toList());
    }

    private static Map<String, String> values(@CheckForNull String app, String env) {
        return app == null ? Map.of("env", env) : Map.of("app", app, "env", env);
    }

    /**
     * The target whose folder a file lies in, or, where one folder holds the files of several environments, whose file it is;
     * null when it is no target's of this pattern. There need not be such a folder. An application that is called after its
     * image has the name {@code ""}.
     */
    @CheckForNull
    Target targetOfFile(String file) {
        String[] parts = file.split("/", segments.size() + 1);
        if (parts.length <= segments.size()) {
            return null;
        }
        String app = null;
        String env = null;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).equals(APP)) {
                app = parts[i];
            } else if (segments.get(i).equals(ENV)) {
                env = parts[i];
            } else if (!segments.get(i).equals(parts[i])) {
                return null;
            }
        }
        if (app != null && !isName(app)) {
            return null;
        }
        String name = app == null ? Objects.requireNonNullElse(application, "") : app;
        if (hasEnvInFile()) {
            String rest = parts[segments.size()];
            env = rest.startsWith(fileFolder())
                    ? environmentOf(rest.substring(fileFolder().length()), name)
                    : null;
        }
        return env == null || !isName(env) ? null : target(name, env);
    }

    private String filled(@CheckForNull String app, String env) {
        String file = file().replace(ENV, env);
        return app == null ? file : file.replace(APP, app);
    }

    /** Where the target would be: its folder, or its file where the folder is that of several environments. */
    String expectedPath(String app, String env) {
        Target target = target(app, env);
        return hasEnvInFile() ? target.imageFile() : target.path();
    }

    @Override
    public String toString() {
        String path = String.join("/", segments);
        return hasEnvInFile() ? path + "/" + imageFile : path;
    }

    private static LayoutPattern pattern(String path) {
        return new LayoutPattern(List.of(path.split("/")), null, null, List.of(), null);
    }
}
