package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the folders of targets stand: literal path segments with {@code {app}} and {@code {env}} in between.
 *
 * @param segments of the path; {@code {env}} once, {@code {app}} at most once
 * @param application the only application of a pattern without {@code {app}}; null when there is {@code {app}}, or the
 *     application is called after its image
 * @param imageFile path below the target's folder; null when it is found by looking
 */
record LayoutPattern(
        List<String> segments,
        @CheckForNull String application,
        @CheckForNull String imageFile) {
    static final String APP = "{app}";
    static final String ENV = "{env}";

    /** What works without {@code gitops.yaml}. */
    static final List<LayoutPattern> DEFAULTS = List.of(
            pattern("services/{app}/overlays/{env}"),
            pattern("apps/{app}/overlays/{env}"),
            pattern("k8s/overlays/{env}"));

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?");

    LayoutPattern {
        segments = List.copyOf(segments);
    }

    /** Whether this can be the name of an application or environment. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.contains("..");
    }

    /**
     * @throws RefusedException when a segment is empty, leads out of the folder or mixes a placeholder with other text, or
     *     {@code {env}} does not stand there exactly once
     */
    static LayoutPattern of(
            SourceLocation location, String path, @CheckForNull String application, @CheckForNull String imageFile)
            throws RefusedException {
        LayoutPattern pattern = new LayoutPattern(segments(location, path), application, imageFile);
        for (String segment : pattern.segments) {
            boolean placeholder = segment.equals(APP) || segment.equals(ENV);
            if (!placeholder && (segment.contains("{") || segment.contains("}") || segment.contains("*"))) {
                throw new RefusedException(
                        location,
                        "\"" + segment + "\" is no path segment",
                        "Write a folder's name, {app} or {env} between two slashes");
            }
        }
        int apps = Collections.frequency(pattern.segments, APP);
        if (Collections.frequency(pattern.segments, ENV) != 1 || apps > 1) {
            throw new RefusedException(
                    location,
                    "\"" + path + "\" does not say where applications and environments stand",
                    "Write {env} once, and {app} once or with application: NAME not at all");
        }
        return pattern;
    }

    /**
     * The segments of a relative path.
     *
     * @throws RefusedException when it is absolute, ends with a slash, or has empty, {@code .} or {@code ..} segments
     */
    static List<String> segments(SourceLocation location, String path) throws RefusedException {
        List<String> segments = Arrays.asList(path.split("/", -1));
        if (segments.contains("") || segments.contains(".") || segments.contains("..") || path.contains("\\")) {
            throw new RefusedException(
                    location,
                    "\"" + path + "\" is no path below a folder",
                    "Write it without a slash at the ends, without \".\", \"..\" and backslashes");
        }
        return segments;
    }

    boolean hasApp() {
        return segments.contains(APP);
    }

    /** Whether the application has no {@code {app}} and no name, and so is called after its image. */
    boolean calledAfterImage() {
        return application == null && !hasApp();
    }

    /** Whether the pattern could lead to this application. */
    boolean mayHold(String app) {
        String only = application;
        return only == null || only.equals(app);
    }

    /** The target at the place that the pattern names, whether or not there is such a folder. */
    Target target(String app, String env) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append(path.isEmpty() ? "" : "/");
            path.append(segment.equals(APP) ? app : segment.equals(ENV) ? env : segment);
        }
        return new Target(app, env, path.toString(), imageFile == null ? null : path + "/" + imageFile);
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }

    private static LayoutPattern pattern(String path) {
        return new LayoutPattern(List.of(path.split("/")), null, null);
    }
}
