package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** The kinds of agents that sync a cluster with Git. */
public enum AgentKind {
    /** Our own agent, which sends reports. */
    AGENT("agent", "agent", "agent"),
    /** An Argo CD server, which is polled. */
    ARGO_CD("Argo CD", "Argo CD server", "argocd"),
    /** Flux, whose notification controller sends events. */
    FLUX("Flux", "Flux", "flux");

    private final String displayName;
    private final String noun;
    private final String key;

    AgentKind(String displayName, String noun, String key) {
        this.displayName = displayName;
        this.noun = noun;
        this.key = key;
    }

    /** The name in messages. */
    public String displayName() {
        return displayName;
    }

    /** The noun for one of this kind in messages, such as {@code Argo CD server}. */
    public String noun() {
        return noun;
    }

    /** The name in gitops.yaml and in reports. */
    public String key() {
        return key;
    }

    /** The kind in a report; {@link #AGENT} for null and for an unknown key. */
    public static AgentKind ofKey(@CheckForNull String key) {
        for (AgentKind kind : values()) {
            if (kind.key.equals(key)) {
                return kind;
            }
        }
        return AGENT;
    }
}
