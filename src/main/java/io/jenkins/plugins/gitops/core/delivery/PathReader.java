package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the application and environment from paths that match one pattern, or explains why there is no target. A pure
 * function.
 */
final class PathReader {
    private final LayoutPattern pattern;
    private final EnvironmentNames environments;
    private final PolicyExample example;
    private final int segments;

    PathReader(LayoutPattern pattern, EnvironmentNames environments, PolicyExample example) {
        this.pattern = pattern;
        this.environments = environments;
        this.example = example;
        this.segments = pattern.isOnlyFile()
                ? pattern.path().size()
                : pattern.path().folder().size();
    }

    /**
     * The result of reading a path.
     *
     * @param target null when there is none. An application that is named after its image has the name {@code ""}
     * @param skipped why there is no target; null when there is one, or the pattern does not match
     */
    record Reading(
            @CheckForNull Target target, @CheckForNull SkippedPath skipped) {}

    /** Reads the path of a folder, or of a file if the pattern names one; further segments are ignored. */
    Reading read(String path) {
        boolean tooLong = pattern.isOnlyFile() && path.split("/", segments + 1).length > segments;
        return tooLong ? new Reading(null, null) : decide(path, pattern.path().match(path, segments));
    }

    /** Number of segments that identify the target; further segments of a path are ignored. */
    int segments() {
        return segments;
    }

    /** The readings that can still result in a target. */
    List<Map<String, String>> usable(List<Map<String, String>> readings) {
        return readings.stream().allMatch(this::isUsable)
                ? readings
                : readings.stream().filter(this::isUsable).toList();
    }

    /** The result for a path with all its readings. */
    Reading decide(String path, List<Map<String, String>> readings) {
        List<Map<String, String>> usable = usable(readings);
        if (usable.isEmpty()) {
            return new Reading(null, readings.isEmpty() ? null : problem(readings.get(0), path));
        }
        if (usable.size() > 1) {
            return new Reading(null, ambiguous(path, usable));
        }
        return new Reading(target(usable.get(0)), null);
    }

    /** The target for values of all placeholders. */
    private Target target(Map<String, String> values) {
        String app = pattern.applicationOf(values);
        return pattern.target(app == null ? "" : app, environmentOf(values), values);
    }

    @CheckForNull
    private String environmentOf(Map<String, String> values) {
        String text = pattern.environment().fill(values);
        return text == null ? null : environments.nameOf(pattern.environment(), text);
    }

    /** Whether these values, as far as they are known, can result in a target. */
    private boolean isUsable(Map<String, String> values) {
        String text = pattern.environment().fill(values);
        String app = pattern.applicationOf(values);
        return (text == null || environments.nameOf(pattern.environment(), text) != null && !isShared(text))
                && (app == null || LayoutPattern.isName(app))
                && (pattern.source() != LayoutPattern.Source.BUILT_IN_BY_NAME || isCertain(app, text));
    }

    /**
     * Whether it is certain which of two names is the environment: {@code apps/dev/prod} is ambiguous, and {@code base}
     * is not the name of an application.
     */
    private boolean isCertain(@CheckForNull String app, @CheckForNull String text) {
        return app == null
                || !BuiltInLayouts.isStructural(app)
                        && (text == null || environments.certainty(text) > environments.certainty(app));
    }

    /** Whether a folder of a built-in layout is shared by all environments. */
    private boolean isShared(String text) {
        return pattern.isBuiltIn() && !environments.areDeclared() && WellKnownEnvironments.isShared(text);
    }

    /** Why these unusable values result in no target; null when the path does not look like one. */
    @CheckForNull
    private SkippedPath problem(Map<String, String> values, String path) {
        String text = String.valueOf(pattern.environment().fill(values));
        if (pattern.source() == LayoutPattern.Source.BUILT_IN_BY_NAME) {
            return uncertain(values, path, text);
        }
        if (isShared(text)) {
            return null;
        }
        if (environments.nameOf(pattern.environment(), text) != null) {
            return badName(values, path, String.valueOf(pattern.applicationOf(values)));
        }
        return environments.areDeclared() ? undeclared(values, path, text) : badName(values, path, text);
    }

    /** For a path in which both names are environments; null for any other, which just does not match. */
    @CheckForNull
    private SkippedPath uncertain(Map<String, String> values, String path, String text) {
        String app = pattern.applicationOf(values);
        boolean both = app != null
                && LayoutPattern.isName(app)
                && environments.certainty(app) > 0
                && environments.certainty(app) == environments.certainty(text)
                && environments.nameOf(pattern.environment(), text) != null;
        if (!both) {
            return null;
        }
        return new SkippedPath(
                path,
                pattern.toString(),
                app,
                text,
                "can be read as " + app + "/" + text + " and " + text + "/" + app,
                "Choose one with " + example.target(app, text, pattern.path().folder(values), file(values)));
    }

    private SkippedPath undeclared(Map<String, String> values, String path, String text) {
        boolean renamed = environments.contains(text);
        return new SkippedPath(
                path,
                pattern.toString(),
                pattern.applicationOf(values),
                text,
                renamed
                        ? "is not a target, because the folder of environment " + text + " is "
                                + environments.folderOf(text)
                        : "is not a target, because \"" + text + "\" is not one of environments in " + Delivery.FILE,
                renamed
                        ? "Change folder of " + text + " in " + Delivery.FILE
                        : "Add " + PolicyExample.environment(text) + " to environments, if it is one");
    }

    private SkippedPath badName(Map<String, String> values, String path, String name) {
        String app = pattern.applicationOf(values);
        String text = pattern.environment().fill(values);
        return new SkippedPath(
                path,
                pattern.toString(),
                app,
                text,
                "is not a target, because \"" + name + "\" is not a valid name",
                "Name it with "
                        + example.target(
                                usable(app), usable(text), pattern.path().folder(values), file(values)));
    }

    @CheckForNull
    private String file(Map<String, String> values) {
        return pattern.isOnlyFile() ? pattern.path().file(values) : null;
    }

    private static String usable(@CheckForNull String name) {
        return name != null && LayoutPattern.isName(name) ? name : "NAME";
    }

    private SkippedPath ambiguous(String path, List<Map<String, String>> readings) {
        List<Target> targets = readings.stream().map(this::target).toList();
        Set<String> names = new LinkedHashSet<>();
        targets.forEach(target -> names.add(target.id()));
        Target first = targets.get(0);
        String choice = example.target(
                first.application(),
                first.environment(),
                first.path(),
                pattern.isOnlyFile() ? first.imageFile() : null);
        return new SkippedPath(
                path,
                pattern.toString(),
                null,
                null,
                names.size() == 1
                        ? "matches " + pattern + " in more than one way"
                        : "can be read as " + NameList.list(names) + " by " + pattern,
                (environments.areDeclared() ? "Choose one with " : "Declare environments, or choose one with ")
                        + choice);
    }
}
