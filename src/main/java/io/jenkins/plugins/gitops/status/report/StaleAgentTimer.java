package io.jenkins.plugins.gitops.status.report;

import io.jenkins.plugins.gitops.status.OneShotTimer;
import java.time.Instant;
import java.util.Optional;

/**
 * Detects agents that have stopped reporting, with one task of Jenkins' timer. A report postpones the deadline, but
 * does not reschedule the task: the task determines the next deadline when it runs.
 */
final class StaleAgentTimer {
    private final StaleAgentCheck check;
    private final OneShotTimer timer = new OneShotTimer(this::check);

    interface StaleAgentCheck {
        /**
         * Handles the agents that are stale at this time. Runs on the timer's thread, so it must return quickly.
         *
         * @return when to check again; empty when there is no agent that could become stale
         */
        Optional<Instant> check(Instant now);
    }

    StaleAgentTimer(StaleAgentCheck check) {
        this.check = check;
    }

    /** Schedules a check for the time when an agent may become stale. */
    void schedule(Instant then) {
        timer.set(then);
    }

    private void check() {
        check.check(Instant.now()).ifPresent(this::schedule);
    }
}
