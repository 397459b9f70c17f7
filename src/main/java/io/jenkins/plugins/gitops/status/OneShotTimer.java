package io.jenkins.plugins.gitops.status;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Runs a task once on Jenkins' timer, at the earliest of the moments that it was set to since it ran last. Occupies one
 * entry of the timer, however often it is set. Safe for use by many threads.
 */
public final class OneShotTimer {
    private final Runnable task;
    private ScheduledFuture<?> scheduled;
    private Instant at;

    /** @param task runs on the timer's thread without a lock; must return quickly, and may set the timer again */
    public OneShotTimer(Runnable task) {
        this.task = task;
    }

    /** Has the task run at a moment, or before. */
    public synchronized void set(Instant moment) {
        if (at != null && !moment.isBefore(at)) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        at = moment;
        long left = Math.max(0, Duration.between(Instant.now(), moment).toMillis());
        // A millisecond late, since a moment early would be too early for a task that reads the clock.
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
