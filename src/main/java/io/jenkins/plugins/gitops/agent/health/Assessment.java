package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;

/**
 * @param health null for a kind that has none
 * @param message the reason in the cluster's words; null when there is none to give
 */
public record Assessment(
        @CheckForNull Health health, @CheckForNull String message) {
    /** Of a kind that has no health, and of what nothing is known about. */
    public static final Assessment NONE = new Assessment(null, null);

    static final Assessment HEALTHY = new Assessment(Health.HEALTHY, null);

    static Assessment progressing(String message) {
        return new Assessment(Health.PROGRESSING, message);
    }

    static Assessment degraded(String message) {
        return new Assessment(Health.DEGRADED, message);
    }

    static Assessment suspended(String message) {
        return new Assessment(Health.SUSPENDED, message);
    }
}
