package io.jenkins.plugins.gitops.core.model;

/** Phase of a sync operation; the words are Argo CD's. */
public enum OperationPhase {
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    ERROR("Error");

    private final String wireName;

    OperationPhase(String wireName) {
        this.wireName = wireName;
    }

    /** The word of the wire format and of the pages. */
    public String wireName() {
        return wireName;
    }

    /** From the wire; any other word is {@link #ERROR}, so that nothing unknown passes for a success. */
    public static OperationPhase of(String word) {
        for (OperationPhase phase : values()) {
            if (phase.wireName.equals(word)) {
                return phase;
            }
        }
        return ERROR;
    }
}
