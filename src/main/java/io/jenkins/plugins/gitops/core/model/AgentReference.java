package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * The one agent that deploys a target, as {@code agent} of its environment in gitops.yaml says.
 *
 * @param kind what it is
 * @param agent its name in Jenkins' configuration
 * @param object what it calls the target: the name of an {@code Application}, or {@code Kind/namespace/name} of a Flux
 *     object; null when the target's folder tells
 * @param path the folder that the object deploys, where that is not the target's on purpose; null for the target's
 * @param healthChecked whether the team vouches that the object checks the health of what it applies, so that a success
 *     of it is one of health too; only Flux's events need it
 */
public record AgentReference(
        AgentKind kind,
        String agent,
        @CheckForNull String object,
        @CheckForNull String path,
        boolean healthChecked) {
    /** Of the target's own folder, without a word on health checks. */
    public AgentReference(AgentKind kind, String agent, @CheckForNull String object) {
        this(kind, agent, object, null, false);
    }
}
