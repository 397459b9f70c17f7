package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.delivery.UnknownNameException.NameKind;
import io.jenkins.plugins.gitops.core.delivery.UnknownNameException.NearMatch;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Creates the errors for unknown names: lists existing names, and paths that look like them but are not targets. */
final class UnknownNames {
    private final List<LayoutPattern> patterns;
    private final EnvironmentNames environments;
    private final TargetLookup lookup;
    private final PolicyExample example;

    UnknownNames(
            List<LayoutPattern> patterns, EnvironmentNames environments, TargetLookup lookup, PolicyExample example) {
        this.patterns = patterns;
        this.environments = environments;
        this.lookup = lookup;
        this.example = example;
    }

    /**
     * The error for an environment.
     *
     * @param known the names of all
     */
    UnknownNameException environment(String name, List<String> known) throws IOException {
        // Shows the pattern, since the path could reveal an application that the caller may not see.
        NearMatch near =
                near(name, path -> name.equals(path.environment()), path -> "a folder or file of " + path.pattern());
        return unknown(NameKind.ENVIRONMENT, name, known, near);
    }

    /**
     * The error for a target in a known environment.
     *
     * @param all the targets
     */
    UnknownNameException target(String app, String env, List<Target> all) throws IOException {
        Set<String> elsewhere = new LinkedHashSet<>();
        for (Target target : all) {
            if (target.application().equals(app)) {
                elsewhere.add(target.environment());
            }
        }
        if (elsewhere.isEmpty()) {
            List<String> known =
                    all.stream().map(Target::application).distinct().toList();
            NearMatch near = near(app, path -> app.equals(path.application()), SkippedPath::path);
            return unknown(NameKind.APPLICATION, app, known, near);
        }
        Set<String> texts = new LinkedHashSet<>(List.of(env, environments.folderOf(env)));
        String paths = patterns.stream()
                .filter(pattern -> !pattern.isBuiltIn() || leadsTo(pattern, app, all))
                .flatMap(
                        pattern -> valuesOf(pattern, app, env).stream().limit(1).map(pattern::expectedPath))
                .distinct()
                .collect(Collectors.joining(" or "));
        return new UnknownNameException(
                example.file(),
                NameKind.ENVIRONMENT,
                app + " has no folder for environment " + env + (paths.isEmpty() ? "" : ", which would be " + paths),
                List.copyOf(elsewhere),
                ", or add the folder",
                "Add the folder",
                near(
                        env,
                        path -> app.equals(path.application())
                                && path.environment() != null
                                && texts.contains(path.environment()),
                        SkippedPath::path));
    }

    /** Whether an application is at the location of the pattern, so that its other environments would be there, too. */
    private boolean leadsTo(LayoutPattern pattern, String app, List<Target> all) {
        return all.stream()
                .filter(target -> target.application().equals(app))
                .anyMatch(target -> valuesOf(pattern, app, target.environment()).stream()
                        .map(pattern::expectedPath)
                        .anyMatch(path -> path.equals(target.path()) || path.equals(target.imageFile())));
    }

    private List<Map<String, String>> valuesOf(LayoutPattern pattern, String app, String env) {
        return pattern.valuesOf(app, environments.textOf(pattern.environment(), env));
    }

    private UnknownNameException unknown(NameKind kind, String name, List<String> known, NearMatch near) {
        return new UnknownNameException(
                example.file(),
                kind,
                "There is no " + kind.name().toLowerCase(Locale.ROOT) + " \"" + name + "\"",
                known,
                "",
                otherwise(),
                near);
    }

    private String otherwise() {
        String declared = patterns.stream()
                .filter(pattern -> !pattern.isBuiltIn())
                .map(LayoutPattern::toString)
                .distinct()
                .collect(Collectors.joining(", "));
        return declared.isEmpty()
                ? "Declare where targets are with " + example.lines("applications: [{path: \"FOLDER/{app}/{env}\"}]")
                : "Add a folder that matches " + declared
                        + ", or declare others with applications: [{path: \"FOLDER/{app}/{env}\"}] in " + Delivery.FILE;
    }

    /**
     * The first path that looks like the name.
     *
     * @param what describes the path in the message
     */
    private NearMatch near(String name, Predicate<SkippedPath> matches, Function<SkippedPath, String> what)
            throws IOException {
        return lookup.skipped().stream()
                .filter(matches)
                .findFirst()
                .map(path -> new NearMatch(name, ": " + what.apply(path) + " " + path.reason(), ". " + path.remedy()))
                .orElse(NearMatch.NONE);
    }
}
