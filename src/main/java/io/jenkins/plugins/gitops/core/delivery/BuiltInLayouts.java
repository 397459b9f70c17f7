package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.LayoutPattern.Source;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The layouts that are detected without {@code gitops.yaml}. */
final class BuiltInLayouts {
    private static final String CHART = "Chart.yaml";

    private static final List<String> ENVIRONMENT_FOLDERS = List.of("envs", "environments");

    /** In order of precedence. */
    static final List<LayoutPattern> PATTERNS = patterns();

    /** Folder names with a fixed meaning, which are never names of applications. */
    private static final Set<String> STRUCTURAL = Set.of(
            "application",
            "applications",
            "apps",
            "base",
            "bases",
            "charts",
            "cluster",
            "clusters",
            "common",
            "component",
            "components",
            "config",
            "deploy",
            "env",
            "environments",
            "envs",
            "flux-system",
            "helm",
            "k8s",
            "kubernetes",
            "kustomize",
            "manifests",
            "overlays",
            "resources",
            "services",
            "shared",
            "stages",
            "templates",
            "kustomization",
            "values",
            "variants");

    private BuiltInLayouts() {}

    /** Whether the name of a folder or file describes its purpose and not an application. */
    static boolean isStructural(String name) {
        return STRUCTURAL.contains(name) || name.startsWith("values-") || name.endsWith("-values");
    }

    private static List<LayoutPattern> patterns() {
        List<LayoutPattern> patterns = new ArrayList<>();
        for (String root : List.of("services", "apps", "applications", "components")) {
            for (String folder : List.of("overlays", "envs", "environments")) {
                patterns.add(folder(root + "/{app}/" + folder + "/{env}", Source.BUILT_IN));
            }
        }
        for (String root : List.of("k8s/", "kubernetes/", "manifests/", "deploy/", "kustomize/", "environments/", "")) {
            patterns.add(folder(root + "overlays/{env}", Source.BUILT_IN));
        }
        for (String root : List.of("envs", "env", "environments", "stages")) {
            patterns.add(folder(root + "/{env}", Source.BUILT_IN));
        }
        for (String root : ENVIRONMENT_FOLDERS) {
            patterns.add(pattern(root + "/{env}", "{app}-values.yaml", null, Source.BUILT_IN));
        }
        patterns.addAll(byName());
        return List.copyOf(patterns);
    }

    private static List<LayoutPattern> byName() {
        List<LayoutPattern> patterns = new ArrayList<>();
        for (String path : List.of(
                "services/{app}/{env}",
                "apps/{app}/{env}",
                "applications/{app}/{env}",
                "components/{app}/{env}",
                "charts/{app}/{env}",
                "helm/{app}/{env}",
                "apps/{env}/{app}",
                "envs/{env}/{app}",
                "environments/{env}/{app}",
                "clusters/{env}/{app}",
                "apps/{env}",
                "k8s/{env}",
                "kubernetes/{env}",
                "kustomize/{env}",
                "manifests/{env}",
                "deploy/{env}",
                "{app}/overlays/{env}",
                "{app}/envs/{env}")) {
            patterns.add(folder(path, Source.BUILT_IN_BY_NAME));
        }
        for (String root : ENVIRONMENT_FOLDERS) {
            patterns.add(pattern(root + "/{env}", "{app}.yaml", null, Source.BUILT_IN_BY_NAME));
        }
        for (String root : List.of("charts/", "helm/", "apps/", "services/", "")) {
            patterns.add(values(root + "{app}", "values-{env}.yaml"));
            patterns.add(values(root + "{app}", "{env}-values.yaml"));
        }
        return patterns;
    }

    static LayoutPattern folder(String path, Source source) {
        return pattern(path, null, null, source);
    }

    private static LayoutPattern values(String folder, String file) {
        return pattern(folder, file, CHART, Source.BUILT_IN_BY_NAME);
    }

    /** Without {@code {app}}, the application is named after its image. */
    private static LayoutPattern pattern(
            String folder, @CheckForNull String file, @CheckForNull String mark, Source source) {
        try {
            PathTemplate path = new PathTemplate(
                    LayoutPattern.templates(null, folder),
                    file == null ? List.of() : LayoutPattern.templates(null, file));
            NameTemplate application = path.placeholders().contains(LayoutPattern.APP)
                    ? NameTemplate.placeholder(LayoutPattern.APP)
                    : null;
            NameTemplate environment = NameTemplate.placeholder(LayoutPattern.ENV);
            return new LayoutPattern(path, application, environment, List.of(), mark, source, false, List.of());
        } catch (UserErrorException e) {
            throw new IllegalArgumentException(folder, e);
        }
    }
}
