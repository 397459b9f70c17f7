package io.jenkins.plugins.gitops.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Notices that agents fell silent, which no event tells, with one task of Jenkins' timer. Reports put the moment off; the
 * task finds that out when it runs, and nothing is to be done for a report.
 */
final class Silence {
    private final Look look;
    private ScheduledFuture<?> task;
    private Instant scheduled;

    interface Look {
        /**
         * Deals with those that are silent at a moment; on the timer's thread, so it does nothing slow.
         *
         * @return when to look again; empty when there is nobody to be missed
         */
        Optional<Instant> at(Instant now);
    }

    Silence(Look look) {
        this.look = look;
    }

    /** Somebody may be missed from then on. */
    synchronized void expect(Instant then) {
        if (task == null || then.isBefore(scheduled)) {
            if (task != null) {
                task.cancel(false);
            }
            scheduled = then;
            long left = Math.max(0, Duration.between(Instant.now(), then).toMillis());
            task = Timer.get().schedule(this::look, left + 1, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        synchronized (this) {
            task = null;
        }
        look.at(Instant.now()).ifPresent(this::expect);
    }
}
