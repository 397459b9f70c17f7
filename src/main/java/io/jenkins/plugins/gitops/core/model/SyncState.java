package io.jenkins.plugins.gitops.core.model;

/** Whether the live state matches the revision, with Argo CD's names. */
public enum SyncState {
    SYNCED("Synced"),
    OUT_OF_SYNC("OutOfSync"),
    UNKNOWN("Unknown");

    private final String wireName;

    SyncState(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire and on the pages. */
    public String wireName() {
        return wireName;
    }

    /** Parses the name on the wire; {@link #UNKNOWN} for any other text. */
    public static SyncState of(String word) {
        for (SyncState state : values()) {
            if (state.wireName.equals(word)) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
