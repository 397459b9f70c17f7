package io.jenkins.plugins.gitops.core.model;

/** What brings a cluster to Git. */
public enum AgentKind {
    /** The agent of this project, which reports by itself. */
    AGENT("agent"),
    /** An Argo CD server, which is asked. */
    ARGO_CD("Argo CD"),
    /** Flux, whose notification controller tells. */
    FLUX("Flux");

    private final String word;

    AgentKind(String word) {
        this.word = word;
    }

    /** As it stands in texts for people. */
    public String word() {
        return word;
    }
}
