package io.jenkins.plugins.gitops.core.model;

/** Phase of a sync operation, with Argo CD's names. */
public enum OperationPhase {
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    ERROR("Error");

    private final String wireName;

    OperationPhase(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire and on the pages. */
    public String wireName() {
        return wireName;
    }

    /** Parses the name on the wire; {@link #ERROR} for any other text, so that it never counts as a success. */
    public static OperationPhase of(String word) {
        for (OperationPhase phase : values()) {
            if (phase.wireName.equals(word)) {
                return phase;
            }
        }
        return ERROR;
    }
}
