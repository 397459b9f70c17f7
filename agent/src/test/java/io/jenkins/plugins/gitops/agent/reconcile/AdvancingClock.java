package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves only when advanced, or by a step each time it is read. */
final class AdvancingClock extends Clock {
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private Duration step = Duration.ZERO;

    void advance(Duration by) {
        now = now.plus(by);
    }

    /**
     * Sets the step.
     *
     * @param by the time between two readings
     */
    void step(Duration by) {
        step = by;
    }

    @Override
    public Instant instant() {
        now = now.plus(step);
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
