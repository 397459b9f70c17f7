package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code AppProject} manifests in the repository. The agent does not enforce them, so it rejects an application
 * whose project is restricted, unless the configuration says otherwise. For the project {@code default}, which
 * applications without a project belong to, it only warns.
 */
final class Projects {
    private static final String DEFAULT = "default";
    private static final String SWITCH = "ignoreAppProjects";
    /** These do not restrict anything. */
    private static final Set<String> UNRESTRICTED =
            Set.of("description", "roles", "orphanedResources", "sourceNamespaces");

    private static final Set<String> ALLOWED =
            Set.of("sourceRepos", "destinations", "clusterResourceWhitelist", "namespaceResourceWhitelist");

    private final boolean ignored;
    private final Map<String, Mapping> byName = new LinkedHashMap<>();

    /** @param ignored whether applications are deployed although their project is not enforced */
    Projects(boolean ignored) {
        this.ignored = ignored;
    }

    void add(Mapping project) {
        String name = YamlFields.nested(project, "metadata", "name");
        if (name != null) {
            byName.putIfAbsent(name, project);
        }
    }

    /**
     * Checks the project of an application.
     *
     * @param application the manifest
     * @return a warning for the application; null if there is none
     * @throws UserErrorException if its project is not enforced and is not the default project
     */
    @CheckForNull
    String check(Mapping application) throws UserErrorException {
        Mapping spec = YamlFields.child(application, "spec");
        String written = spec == null ? null : YamlFields.text(spec, "project");
        String name = written == null || written.isEmpty() ? DEFAULT : written;
        Mapping project = byName.get(name);
        if (project == null || ignored) {
            return null;
        }
        if (!name.equals(DEFAULT)) {
            throw new UserErrorException(
                    spec.entry("project").orElseThrow().value().location(),
                    "The agent does not enforce AppProject " + name + " (" + project.location() + ")",
                    "Deploy this application with Argo CD, or limit the agent by its RBAC and write " + SWITCH
                            + ": true in its configuration");
        }
        return isOpen(project)
                ? null
                : "AppProject default (" + project.location()
                        + ") is not enforced; limit the agent by its RBAC, and write " + SWITCH
                        + ": true in its configuration if that is enough";
    }

    /** Whether a project allows everything, like the default project that Argo CD creates. */
    private static boolean isOpen(Mapping project) {
        Mapping spec = YamlFields.child(project, "spec");
        return spec != null
                && spec.entries().stream()
                        .allMatch(keyValue -> UNRESTRICTED.contains(keyValue.name())
                                || ALLOWED.contains(keyValue.name())
                                        && isEverything(YamlFields.items(spec, keyValue.name())))
                && spec.entry("sourceRepos").isPresent()
                && spec.entry("destinations").isPresent()
                && spec.entry("clusterResourceWhitelist").isPresent();
    }

    private static boolean isEverything(List<YamlNode> items) {
        return items.stream()
                .map(YamlNode::resolved)
                .anyMatch(item -> item instanceof Scalar scalar
                        ? scalar.value().equals("*")
                        : item instanceof Mapping mapping
                                && mapping.entries().stream()
                                        .allMatch(e -> e.value().resolved() instanceof Scalar scalar
                                                && scalar.value().equals("*")));
    }
}
