package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The only agent that deploys an environment and may report on it.
 *
 * @param kind of the agent
 * @param agent its name in Jenkins' configuration
 * @param object name of the object that deploys a target, with placeholders {@code {app}} and {@code {env}}; null to
 *     find it by the target's folder
 * @param path folder that the object deploys, with the same placeholders; null for the target's own folder
 * @param healthChecked whether a success of the object includes health checks
 */
public record AgentSelector(
        AgentKind kind,
        String agent,
        @CheckForNull String object,
        @CheckForNull String path,
        boolean healthChecked) {
    private static final String ARGO_CD = "argocd";
    private static final String FLUX = "flux";
    private static final String AGENT = "agent";
    private static final String APPLICATION = "application";
    private static final String KUSTOMIZATION = "kustomization";
    private static final String HELM_RELEASE = "helmRelease";
    private static final String NAMESPACE = "namespace";
    private static final String FLUX_NAMESPACE = "flux-system";
    private static final String PATH = "path";
    private static final String HEALTH = "health";
    private static final String CHECKED = "checked";
    private static final List<String> KEYS =
            List.of(ARGO_CD, FLUX, AGENT, APPLICATION, KUSTOMIZATION, HELM_RELEASE, NAMESPACE, PATH, HEALTH);
    private static final List<String> KINDS = List.of(ARGO_CD, FLUX, AGENT);
    private static final String APP = "{app}";
    private static final String ENV = "{env}";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");
    /** The allowed text around the placeholders in the name of an object. */
    private static final Pattern OBJECT = Pattern.compile("[a-z0-9.-]+");

    /**
     * @param node value of {@code agent} of an environment
     * @throws UserErrorException when it does not describe exactly one agent, or contains an invalid name
     */
    static AgentSelector of(YamlNode node) throws UserErrorException {
        StrictMapping any = StrictMapping.of(node, "an agent", KEYS);
        List<String> kinds =
                KINDS.stream().filter(kind -> any.value(kind) != null).toList();
        if (kinds.size() != 1) {
            throw new UserErrorException(
                    kinds.isEmpty() ? any.location() : any.keyLocation(kinds.get(1)),
                    kinds.isEmpty() ? "No agent is named" : "Two agents are named",
                    "Name exactly one with argocd: NAME, flux: NAME or agent: NAME");
        }
        return switch (kinds.get(0)) {
            case ARGO_CD ->
                ofApplications(
                        AgentKind.ARGO_CD,
                        ARGO_CD,
                        StrictMapping.of(
                                node, "an agent that is an Argo CD server", List.of(ARGO_CD, APPLICATION, PATH)));
            case FLUX ->
                ofFlux(StrictMapping.of(
                        node,
                        "an agent that is Flux",
                        List.of(FLUX, KUSTOMIZATION, HELM_RELEASE, NAMESPACE, PATH, HEALTH)));
            default ->
                ofApplications(
                        AgentKind.AGENT,
                        AGENT,
                        StrictMapping.of(node, "an agent of this project", List.of(AGENT, APPLICATION, PATH)));
        };
    }

    private static AgentSelector ofApplications(AgentKind kind, String key, StrictMapping mapping)
            throws UserErrorException {
        String name = name(mapping, key);
        String application = mapping.text(APPLICATION);
        if (application != null) {
            // An Application outside the default namespace is named namespace/name.
            for (String part : application.split("/", 2)) {
                requireObject(mapping, APPLICATION, application, part);
            }
        }
        if (application == null && mapping.value(PATH) != null) {
            throw new UserErrorException(
                    mapping.keyLocation(PATH),
                    "A path has no effect without an application",
                    "Name the Application with application: NAME, or remove path");
        }
        return new AgentSelector(kind, name, application, path(mapping), false);
    }

    private static AgentSelector ofFlux(StrictMapping mapping) throws UserErrorException {
        String name = name(mapping, FLUX);
        String kustomization = mapping.text(KUSTOMIZATION);
        String release = mapping.text(HELM_RELEASE);
        if ((kustomization == null) == (release == null)) {
            throw new UserErrorException(
                    release == null ? mapping.location() : mapping.keyLocation(HELM_RELEASE),
                    release == null
                            ? "Flux deploys this environment, but no Flux object is named"
                            : "Two Flux objects are named",
                    "Name one with kustomization: NAME or helmRelease: NAME; it may contain {app} and {env}");
        }
        String key = release == null ? KUSTOMIZATION : HELM_RELEASE;
        String object = release == null ? kustomization : release;
        requireObject(mapping, key, object, object);
        String namespace = mapping.text(NAMESPACE);
        if (namespace == null) {
            namespace = FLUX_NAMESPACE;
        } else {
            requireObject(mapping, NAMESPACE, namespace, namespace);
        }
        String kind = release == null ? "Kustomization" : "HelmRelease";
        String path = path(mapping);
        return new AgentSelector(
                AgentKind.FLUX, name, kind + "/" + namespace + "/" + object, path, isHealthChecked(mapping));
    }

    private static boolean isHealthChecked(StrictMapping mapping) throws UserErrorException {
        String health = mapping.text(HEALTH);
        if (health != null && !health.equals(CHECKED)) {
            throw new UserErrorException(
                    mapping.valueLocation(HEALTH),
                    "\"" + health + "\" is not a valid value of \"" + HEALTH + "\"",
                    "Write " + CHECKED
                            + " when the object checks the health of all that it applies, or remove the key");
        }
        return health != null;
    }

    /** The folder that the object deploys; null for the target's own. */
    @CheckForNull
    private static String path(StrictMapping mapping) throws UserErrorException {
        String path = mapping.text(PATH);
        if (path == null) {
            return null;
        }
        LayoutPattern.segments(mapping.valueLocation(PATH), path);
        String rest = path.replace(APP, "").replace(ENV, "");
        if (rest.contains("{") || rest.contains("}")) {
            throw new UserErrorException(
                    mapping.valueLocation(PATH),
                    "\"" + path + "\" has an unknown placeholder",
                    "Write a folder, with {app} and {env} as placeholders");
        }
        return path;
    }

    private static String name(StrictMapping mapping, String key) throws UserErrorException {
        String name = mapping.requiredText(key);
        if (!NAME.matcher(name).matches()) {
            throw new UserErrorException(
                    mapping.valueLocation(key),
                    "\"" + name + "\" is not a valid agent name",
                    "Write its name as configured in Jenkins: letters, digits, '.', '_' or '-'");
        }
        return name;
    }

    private static void requireObject(StrictMapping mapping, String key, String text, String part)
            throws UserErrorException {
        String rest = part.replace(APP, "a").replace(ENV, "e");
        if (OBJECT.matcher(rest).matches()) {
            return;
        }
        boolean placeholder = rest.contains("{") || rest.contains("}");
        throw new UserErrorException(
                mapping.valueLocation(key),
                placeholder
                        ? "\"" + text + "\" has an unknown placeholder"
                        : "\"" + text + "\" is not a valid " + key + " name",
                "Write lower-case letters, digits, '-' and '.', with {app} and {env} as placeholders");
    }

    /**
     * The agent and object that deploy one target. In the name of the object, the names of the target are converted to
     * valid Kubernetes names, see {@link LayoutPattern#objectName}.
     *
     * @param folder name of the environment in paths
     */
    AgentReference deploys(String app, String env, String folder) {
        String name = filled(object, LayoutPattern.objectName(app), LayoutPattern.objectName(env));
        return new AgentReference(kind, agent, name, filled(path, app, folder), healthChecked);
    }

    @CheckForNull
    private static String filled(@CheckForNull String text, String app, String env) {
        return text == null ? null : text.replace(APP, app).replace(ENV, env);
    }
}
