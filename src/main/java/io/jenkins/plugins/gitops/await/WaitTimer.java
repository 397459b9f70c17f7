package io.jenkins.plugins.gitops.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.status.OneShotTimer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Reports the waits whose time has come; uses one task of Jenkins' timer for the earliest, however many there are. */
final class WaitTimer {
    private final Consumer<List<Wait>> due;
    private final PriorityQueue<ScheduledCheck> queue = new PriorityQueue<>(Comparator.comparing(ScheduledCheck::at));
    private final OneShotTimer timer = new OneShotTimer(this::ring);

    private record ScheduledCheck(Instant at, Wait whose) {}

    /** @param due called on the timer's thread, so it must only hand over the waits */
    WaitTimer(Consumer<List<Wait>> due) {
        this.due = due;
    }

    /** Sets the time of a wait, or clears it if null. */
    synchronized void reschedule(Wait wait, @CheckForNull Instant at) {
        if (at == null || at.equals(wait.recheckAt)) {
            wait.recheckAt = at;
            return;
        }
        wait.recheckAt = at;
        queue.add(new ScheduledCheck(at, wait));
        schedule();
    }

    private void schedule() {
        ScheduledCheck first = queue.peek();
        if (first != null) {
            timer.set(first.at());
        }
    }

    private void ring() {
        List<Wait> now = new ArrayList<>();
        synchronized (this) {
            Instant moment = Instant.now();
            while (!queue.isEmpty() && !queue.peek().at().isAfter(moment)) {
                ScheduledCheck scheduledCheck = queue.remove();
                // Entries that were rescheduled or cleared are outdated.
                if (scheduledCheck.at().equals(scheduledCheck.whose().recheckAt)) {
                    scheduledCheck.whose().recheckAt = null;
                    now.add(scheduledCheck.whose());
                }
            }
            schedule();
        }
        if (!now.isEmpty()) {
            due.accept(now);
        }
    }
}
