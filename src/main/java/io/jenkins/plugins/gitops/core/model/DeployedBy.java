package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * The one agent that deploys a target, as {@code agent} of its environment in gitops.yaml says.
 *
 * @param kind what it is
 * @param agent its name in Jenkins' configuration
 * @param object what it calls the target: the name of an {@code Application}, or {@code Kind/namespace/name} of a Flux
 *     object; null when the target's folder tells
 */
public record DeployedBy(
        AgentKind kind, String agent, @CheckForNull String object) {}
