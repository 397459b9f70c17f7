package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;

/**
 * Health of one resource.
 *
 * @param health null for a kind that has none, and for what does not count
 * @param message the reason in the cluster's words; null when there is none to give
 * @param certainty how far the health can be relied on
 */
public record Assessment(
        @CheckForNull Health health, @CheckForNull String message, Certainty certainty) {
    /** How far an assessment can be relied on. */
    public enum Certainty {
        /** The status says so. */
        CERTAIN,
        /** A failure that the resource's controller keeps retrying, so that it may be over in a moment. */
        RETRIED,
        /** Nothing is known about the health of the kind. */
        UNKNOWN_KIND
    }

    /** Of a kind that has no health. */
    public static final Assessment NONE = new Assessment(null, null);

    static final Assessment HEALTHY = new Assessment(Health.HEALTHY, null);

    /** One that can be relied on. */
    public Assessment(@CheckForNull Health health, @CheckForNull String message) {
        this(health, message, Certainty.CERTAIN);
    }

    static Assessment progressing(@CheckForNull String message) {
        return new Assessment(Health.PROGRESSING, message);
    }

    static Assessment degraded(@CheckForNull String message) {
        return new Assessment(Health.DEGRADED, message);
    }

    /** Degraded while the controller keeps retrying. */
    static Assessment failing(@CheckForNull String message) {
        return new Assessment(Health.DEGRADED, message, Certainty.RETRIED);
    }

    static Assessment suspended(@CheckForNull String message) {
        return new Assessment(Health.SUSPENDED, message);
    }

    static Assessment ofUnknownKind() {
        return new Assessment(null, null, Certainty.UNKNOWN_KIND);
    }

    /** Whether this is a failure that its controller keeps retrying. */
    public boolean isRetriedFailure() {
        return certainty == Certainty.RETRIED;
    }

    /** The same while the failure has not lasted long enough to count. */
    public Assessment stillProgressing() {
        return new Assessment(Health.PROGRESSING, message);
    }

    /** The same with another message. */
    Assessment saying(@CheckForNull String other) {
        return new Assessment(health, other, certainty);
    }

    /** The same as a remark: it does not count for the application. */
    Assessment uncounted(String why) {
        if (health == null || health == Health.HEALTHY) {
            return NONE;
        }
        return new Assessment(null, why + ": " + health.word() + (message == null ? "" : ", " + message));
    }
}
