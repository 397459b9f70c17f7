package io.jenkins.plugins.gitops.status;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Runs a task once on Jenkins' timer, at the earliest time that was set since its last run. Occupies one entry of the
 * timer, however often it is set. Thread-safe.
 */
public final class OneShotTimer {
    private final Runnable task;
    private ScheduledFuture<?> scheduled;
    private Instant at;

    /** @param task runs on the timer's thread without a lock; must return quickly, and may set the timer again */
    public OneShotTimer(Runnable task) {
        this.task = task;
    }

    /** Schedules the task for this time, unless it is already scheduled for an earlier one. */
    public synchronized void set(Instant moment) {
        if (at != null && !moment.isBefore(at)) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        at = moment;
        long left = Math.max(0, Duration.between(Instant.now(), moment).toMillis());
        // One millisecond late, since a task that reads the clock must not see a time before the moment.
        scheduled = Timer.get().schedule(() -> run(moment), left + 1, TimeUnit.MILLISECONDS);
    }

    private void run(Instant moment) {
        synchronized (this) {
            if (moment.equals(at)) {
                at = null;
                scheduled = null;
            }
        }
        task.run();
    }
}
