package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a failed sync is tried again though nothing is known to have changed. */
final class RetrySchedule {
    /** Before a try that something other than time brings on, so that what changes all the time is not followed. */
    static final Duration MIN_PAUSE = Duration.ofSeconds(5);
    /** Between two tries when the retries of the application are used up. */
    static final Duration MIN_SLOW = Duration.ofSeconds(10);

    static final Duration MAX_SLOW = Duration.ofMinutes(3);

    private RetrySchedule() {}

    /**
     * The time of the next try. First come the retries that {@code syncPolicy.retry} allows. After these a quota, a webhook
     * or a controller may still change its mind, so that an application with self-heal is tried without end, and so is any
     * automated one whose last try met an API server that was away.
     *
     * @return empty when time alone brings no further try
     */
    static Optional<Instant> next(SyncOperation last, ApplicationSpec spec) {
        if (!last.hasFailed() || !spec.automated()) {
            return Optional.empty();
        }
        Duration wait = spec.retry().delayAfter(last.retries());
        if (spec.retry().allows(last.retries())) {
            return Optional.of(last.finishedAt().plus(wait));
        }
        Duration slow = slow(last.retries() - spec.retry().limit());
        Duration pause = wait.compareTo(slow) < 0 ? slow : wait.compareTo(MAX_SLOW) > 0 ? MAX_SLOW : wait;
        return spec.selfHeal() || last.outage() ? Optional.of(last.finishedAt().plus(pause)) : Optional.empty();
    }

    /** The time of the next try as it is said; null when it is due, or only something else than time brings it. */
    @CheckForNull
    static Instant upcoming(SyncOperation last, @CheckForNull ApplicationSpec spec, Instant now) {
        return spec == null ? null : next(last, spec).filter(now::isBefore).orElse(null);
    }

    /** Twice as long after each try, whatever the factor of the application is. */
    private static Duration slow(int triesBeyond) {
        Duration wait = MIN_SLOW.multipliedBy(1L << Math.min(Math.max(0, triesBeyond), 5));
        return wait.compareTo(MAX_SLOW) > 0 ? MAX_SLOW : wait;
    }
}
