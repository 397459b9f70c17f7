package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;

/**
 * How long an object has been failing while its controller retries. Such a failure is often temporary: a secret store
 * from the same commit is not ready yet, or new pods have no metrics. It counts only after this time; until then the
 * object is Progressing.
 *
 * @param generation of the failing spec; for another one the time starts over
 * @param since {@link System#nanoTime} of the first observation; null if it does not fail
 */
record FailureGracePeriod(long generation, @CheckForNull Long since) {
    /** How long a failure must last. */
    static final Duration DURATION = Duration.ofMinutes(2);

    /** Returns the state after another observation. */
    static FailureGracePeriod next(@CheckForNull FailureGracePeriod before, LiveObject live, long now) {
        return next(
                before, live.assessment(), JsonTree.numberOr(0, live.unhealthyObject(), "metadata", "generation"), now);
    }

    static FailureGracePeriod next(
            @CheckForNull FailureGracePeriod before, HealthStatus found, long generation, long now) {
        if (!found.isRetriedFailure()) {
            return new FailureGracePeriod(generation, null);
        }
        boolean same = before != null && before.since() != null && before.generation() == generation;
        return new FailureGracePeriod(generation, same ? before.since() : Long.valueOf(now));
    }

    /** The effective health at this time. */
    HealthStatus evaluate(HealthStatus found, long now) {
        boolean early = since == null || now - since < DURATION.toNanos();
        return found.isRetriedFailure() && early ? found.stillProgressing() : found;
    }
}
