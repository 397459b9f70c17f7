package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * The agent that deploys a target, from {@code agent} of its environment in gitops.yaml.
 *
 * @param kind the kind of the agent
 * @param agent its name in Jenkins' configuration
 * @param object the agent's object for the target: the name of an {@code Application}, or {@code Kind/namespace/name}
 *     of a Flux object; null if the target's folder identifies it
 * @param path the folder that the object deploys, if it is intentionally not the target's; null for the target's
 * @param healthChecked whether the team has declared that the object checks the health of what it applies, so that its
 *     success also proves health; only needed for Flux's events
 */
public record AgentReference(
        AgentKind kind,
        String agent,
        @CheckForNull String object,
        @CheckForNull String path,
        boolean healthChecked) {
    /** Creates a reference with the target's own folder and without declared health checks. */
    public AgentReference(AgentKind kind, String agent, @CheckForNull String object) {
        this(kind, agent, object, null, false);
    }
}
