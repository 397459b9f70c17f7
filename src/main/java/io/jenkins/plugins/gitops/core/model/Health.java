package io.jenkins.plugins.gitops.core.model;

/** Health of a resource or application, best to worst; words and order of Argo CD's gitops-engine. */
public enum Health {
    HEALTHY("Healthy"),
    SUSPENDED("Suspended"),
    PROGRESSING("Progressing"),
    MISSING("Missing"),
    DEGRADED("Degraded"),
    UNKNOWN("Unknown");

    private final String wireName;

    Health(String wireName) {
        this.wireName = wireName;
    }

    /** The word of the wire format and of the pages. */
    public String wireName() {
        return wireName;
    }

    /** The worse of the two. */
    public Health worse(Health other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** From the wire; any other word is {@link #UNKNOWN}. */
    public static Health of(String word) {
        for (Health health : values()) {
            if (health.wireName.equals(word)) {
                return health;
            }
        }
        return UNKNOWN;
    }
}
