package io.jenkins.plugins.gitops.core.model;

/** Whether the cluster holds what a revision says; the words are Argo CD's. */
public enum SyncState {
    SYNCED("Synced"),
    OUT_OF_SYNC("OutOfSync"),
    UNKNOWN("Unknown");

    private final String wireName;

    SyncState(String wireName) {
        this.wireName = wireName;
    }

    /** The word of the wire format and of the pages. */
    public String wireName() {
        return wireName;
    }

    /** From the wire; any other word is {@link #UNKNOWN}. */
    public static SyncState of(String word) {
        for (SyncState state : values()) {
            if (state.wireName.equals(word)) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
