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

/** What is said about names that are not known: what there is instead, and what looks like them and is not a target. */
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

    /** About an environment. @param known the names of all */
    UnknownNameException environment(String name, List<String> known) throws IOException {
        // The path would name an application that the caller may not be allowed to see.
        NearMatch near =
                near(name, path -> name.equals(path.environment()), path -> "a folder or file of " + path.pattern());
        return unknown(NameKind.ENVIRONMENT, name, known, near);
    }

    /** About a target in a known environment. @param all the targets */
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

    private List<Map<String, String>> valuesOf(LayoutPattern pattern, String app, String env) {
        return pattern.valuesOf(app, environments.textOf(pattern.environment(), env));
    }

    private UnknownNameException unknown(NameKind kind, String name, List<String> known, NearMatch near) {
        String layouts =
                patterns.stream().map(LayoutPattern::toString).distinct().collect(Collectors.joining(", "));
        return new UnknownNameException(
                example.file(),
                kind,
                "There is no " + kind.name().toLowerCase(Locale.ROOT) + " \"" + name + "\"",
                known,
                "",
                "Lay out folders as " + layouts,
                near);
    }

    /** The first path that looks like it. @param what it is called in the message */
    private NearMatch near(String name, Predicate<SkippedPath> matches, Function<SkippedPath, String> what)
            throws IOException {
        return lookup.skipped().stream()
                .filter(matches)
                .findFirst()
                .map(path -> new NearMatch(name, ": " + what.apply(path) + " " + path.reason(), ". " + path.remedy()))
                .orElse(NearMatch.NONE);
    }
}
