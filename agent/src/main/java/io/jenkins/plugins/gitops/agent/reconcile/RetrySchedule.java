package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a failed sync is retried although no change is known. */
final class RetrySchedule {
    /** The pause before an attempt that a change triggers, so that constant changes do not cause constant attempts. */
    static final Duration MIN_PAUSE = Duration.ofSeconds(5);
    /** The time between two attempts after the application's retries are exhausted. */
    static final Duration MIN_SLOW = Duration.ofSeconds(10);

    static final Duration MAX_SLOW = Duration.ofMinutes(3);

    private RetrySchedule() {}

    /**
     * The time of the next attempt. First come the retries that {@code syncPolicy.retry} allows. After these, a quota,
     * a webhook or a controller may still allow the sync later, so an application with self-heal is retried without
     * limit. So is any automated application whose last attempt failed because the API server was unreachable. Without
     * automation, only the retries of an {@link SyncOperation#isInterrupted interrupted} sync remain.
     *
     * @return empty if no attempt is scheduled
     */
    static Optional<Instant> next(SyncOperation last, ApplicationSpec spec) {
        if (!last.hasFailed() || !spec.automated() && !last.isInterrupted()) {
            return Optional.empty();
        }
        Duration wait = spec.retry().delayAfter(last.retries());
        if (spec.retry().allows(last.retries())) {
            return Optional.of(last.finishedAt().plus(wait));
        }
        if (!spec.automated()) {
            return Optional.empty();
        }
        Duration slow = slow(last.retries() - spec.retry().limit());
        Duration pause = wait.compareTo(slow) < 0 ? slow : wait.compareTo(MAX_SLOW) > 0 ? MAX_SLOW : wait;
        return spec.selfHeal() || last.outage() ? Optional.of(last.finishedAt().plus(pause)) : Optional.empty();
    }

    /** The time of the next attempt to report; null if it is due, or none is scheduled. */
    @CheckForNull
    static Instant upcoming(SyncOperation last, @CheckForNull ApplicationSpec spec, Instant now) {
        return spec == null ? null : next(last, spec).filter(now::isBefore).orElse(null);
    }

    /** Doubles with each attempt, regardless of the application's factor. */
    private static Duration slow(int triesBeyond) {
        Duration wait = MIN_SLOW.multipliedBy(1L << Math.min(Math.max(0, triesBeyond), 5));
        return wait.compareTo(MAX_SLOW) > 0 ? MAX_SLOW : wait;
    }
}
