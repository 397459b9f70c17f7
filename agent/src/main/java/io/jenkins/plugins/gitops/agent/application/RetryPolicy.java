package io.jenkins.plugins.gitops.agent.application;

import java.time.Duration;

/**
 * How often and when a failed sync is tried again.
 *
 * @param limit tries after the first; -1 means without end
 * @param duration wait before the first retry
 * @param factor by which each further wait grows
 * @param maxDuration no wait is longer
 */
public record RetryPolicy(int limit, Duration duration, int factor, Duration maxDuration) {
    /** What Argo CD does for automated syncs without a retry block. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(5), 2, Duration.ofMinutes(3));

    /** Whether another try may follow after this many. */
    public boolean allows(int retriesSoFar) {
        return limit < 0 || retriesSoFar < limit;
    }

    /** The wait before the next try. */
    public Duration delayAfter(int retriesSoFar) {
        double millis = duration.toMillis() * Math.pow(factor, retriesSoFar);
        return millis >= maxDuration.toMillis() ? maxDuration : Duration.ofMillis((long) millis);
    }
}
