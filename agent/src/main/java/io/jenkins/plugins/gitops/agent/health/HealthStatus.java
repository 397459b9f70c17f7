package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;

/**
 * Health of one resource.
 *
 * @param health null for a kind that has none, and for a resource that does not count
 * @param message the reason in the cluster's words; null if there is none
 * @param certainty how reliable the health is
 */
public record HealthStatus(
        @CheckForNull Health health, @CheckForNull String message, Certainty certainty) {
    /** How reliable an assessment is. */
    public enum Certainty {
        /** From the status itself. */
        CERTAIN,
        /** A failure that the resource's controller keeps retrying, so that it may be temporary. */
        RETRIED,
        /** Nothing is known about the health of the kind. */
        UNKNOWN_KIND
    }

    /** A kind without health. */
    public static final HealthStatus NONE = new HealthStatus(null, null);

    static final HealthStatus HEALTHY = new HealthStatus(Health.HEALTHY, null);

    /** Creates a certain status. */
    public HealthStatus(@CheckForNull Health health, @CheckForNull String message) {
        this(health, message, Certainty.CERTAIN);
    }

    static HealthStatus progressing(@CheckForNull String message) {
        return new HealthStatus(Health.PROGRESSING, message);
    }

    static HealthStatus degraded(@CheckForNull String message) {
        return new HealthStatus(Health.DEGRADED, message);
    }

    /** Degraded, while the controller keeps retrying. */
    static HealthStatus failing(@CheckForNull String message) {
        return new HealthStatus(Health.DEGRADED, message, Certainty.RETRIED);
    }

    static HealthStatus suspended(@CheckForNull String message) {
        return new HealthStatus(Health.SUSPENDED, message);
    }

    static HealthStatus ofUnknownKind() {
        return new HealthStatus(null, null, Certainty.UNKNOWN_KIND);
    }

    /** Whether this is a failure that its controller keeps retrying. */
    public boolean isRetriedFailure() {
        return certainty == Certainty.RETRIED;
    }

    /** Returns the status while the failure has not lasted long enough to count. */
    public HealthStatus stillProgressing() {
        return new HealthStatus(Health.PROGRESSING, message);
    }

    /** Returns a copy with another message. */
    HealthStatus withMessage(@CheckForNull String other) {
        return new HealthStatus(health, other, certainty);
    }

    /** Returns the health only as a message, so that it does not count for the application. */
    HealthStatus withoutCounts(String why) {
        if (health == null || health == Health.HEALTHY) {
            return NONE;
        }
        return new HealthStatus(null, why + ": " + health.wireName() + (message == null ? "" : ", " + message));
    }
}
