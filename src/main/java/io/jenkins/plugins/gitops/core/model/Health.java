package io.jenkins.plugins.gitops.core.model;

/** Health of a resource or application, from best to worst; names and order are those of Argo CD's gitops-engine. */
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

    /** The name on the wire and on the pages. */
    public String wireName() {
        return wireName;
    }

    /** The worse of the two. */
    public Health worse(Health other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Parses the name on the wire; {@link #UNKNOWN} for any other text. */
    public static Health of(String word) {
        for (Health health : values()) {
            if (health.wireName.equals(word)) {
                return health;
            }
        }
        return UNKNOWN;
    }
}
