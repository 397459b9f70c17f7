package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** What brings a cluster to Git. */
public enum AgentKind {
    /** The agent of this project, which reports by itself. */
    AGENT("agent", "agent", "agent"),
    /** An Argo CD server, which is asked. */
    ARGO_CD("Argo CD", "Argo CD server", "argocd"),
    /** Flux, whose notification controller tells. */
    FLUX("Flux", "Flux", "flux");

    private final String displayName;
    private final String noun;
    private final String key;

    AgentKind(String displayName, String noun, String key) {
        this.displayName = displayName;
        this.noun = noun;
        this.key = key;
    }

    /** As it stands in texts for people. */
    public String displayName() {
        return displayName;
    }

    /** What one of the kind is called in texts for people: {@code Argo CD server}. */
    public String noun() {
        return noun;
    }

    /** As gitops.yaml and reports write it. */
    public String key() {
        return key;
    }

    /** The kind that a report names; {@link #AGENT} for null and for any word that is not known. */
    public static AgentKind ofKey(@CheckForNull String key) {
        for (AgentKind kind : values()) {
            if (kind.key.equals(key)) {
                return kind;
            }
        }
        return AGENT;
    }
}
