package io.jenkins.plugins.gitops.status.report;

import io.jenkins.plugins.gitops.status.OneShotTimer;
import java.time.Instant;
import java.util.Optional;

/**
 * Notices that agents fell silent, which no event tells, with one task of Jenkins' timer. Reports put the moment off; the
 * task finds that out when it runs, and nothing is to be done for a report.
 */
final class StaleAgentTimer {
    private final StaleAgentCheck check;
    private final OneShotTimer timer = new OneShotTimer(this::check);

    interface StaleAgentCheck {
        /**
         * Deals with those that are silent at a moment; on the timer's thread, so it does nothing slow.
         *
         * @return when to look again; empty when there is nobody to be missed
         */
        Optional<Instant> check(Instant now);
    }

    StaleAgentTimer(StaleAgentCheck check) {
        this.check = check;
    }

    /** Somebody may be missed from then on. */
    void schedule(Instant then) {
        timer.set(then);
    }

    private void check() {
        check.check(Instant.now()).ifPresent(this::schedule);
    }
}
