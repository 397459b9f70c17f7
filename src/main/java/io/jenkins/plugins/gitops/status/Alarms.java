package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Tells when the time of a wait has come, with one task of Jenkins' timer for the earliest, however many there are. */
final class Alarms {
    private final Consumer<List<Wait>> due;
    private final PriorityQueue<Alarm> queue = new PriorityQueue<>(Comparator.comparing(Alarm::at));
    private final OneShotTimer timer = new OneShotTimer(this::ring);

    private record Alarm(Instant at, Wait whose) {}

    /** @param due is told on the timer's thread: does nothing but hand over */
    Alarms(Consumer<List<Wait>> due) {
        this.due = due;
    }

    /** Sets or, with null, takes back the alarm of a wait. */
    synchronized void set(Wait wait, @CheckForNull Instant at) {
        if (at == null || at.equals(wait.alarm)) {
            wait.alarm = at;
            return;
        }
        wait.alarm = at;
        queue.add(new Alarm(at, wait));
        schedule();
    }

    private void schedule() {
        Alarm first = queue.peek();
        if (first != null) {
            timer.set(first.at());
        }
    }

    private void ring() {
        List<Wait> now = new ArrayList<>();
        synchronized (this) {
            Instant moment = Instant.now();
            while (!queue.isEmpty() && !queue.peek().at().isAfter(moment)) {
                Alarm alarm = queue.remove();
                // One that was set anew or taken back is no longer meant.
                if (alarm.at().equals(alarm.whose().alarm)) {
                    alarm.whose().alarm = null;
                    now.add(alarm.whose());
                }
            }
            schedule();
        }
        if (!now.isEmpty()) {
            due.accept(now);
        }
    }
}
