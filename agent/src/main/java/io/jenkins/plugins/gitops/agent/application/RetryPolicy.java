package io.jenkins.plugins.gitops.agent.application;

import java.time.Duration;

/**
 * When a failed sync is retried, and how often.
 *
 * @param limit the maximum number of retries; -1 for no limit
 * @param duration the time before the first retry
 * @param factor by which the time increases for each further retry
 * @param maxDuration the maximum time before a retry
 */
public record RetryPolicy(int limit, Duration duration, int factor, Duration maxDuration) {
    /** Argo CD's default for automated syncs without a retry block. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(5), 2, Duration.ofMinutes(3));

    /** Whether another retry is allowed after this number of retries. */
    public boolean allows(int retriesSoFar) {
        return limit < 0 || retriesSoFar < limit;
    }

    /** The time before the next retry. */
    public Duration delayAfter(int retriesSoFar) {
        double millis = duration.toMillis() * Math.pow(factor, retriesSoFar);
        return millis >= maxDuration.toMillis() ? maxDuration : Duration.ofMillis((long) millis);
    }
}
