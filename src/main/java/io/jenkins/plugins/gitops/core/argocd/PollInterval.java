package io.jenkins.plugins.gitops.core.argocd;

import java.time.Duration;

/** Determines when a server is polled again: often while a step is waiting and something changes, rarely otherwise. */
public final class PollInterval {
    /** While a step is waiting and there was an update. */
    static final Duration BUSY = Duration.ofSeconds(5);
    /** While a step is waiting and nothing changes. */
    static final Duration QUIET = Duration.ofSeconds(15);
    /** While no step is waiting: for the pages. */
    static final Duration IDLE = Duration.ofMinutes(1);
    /** The maximum interval after errors. */
    static final Duration WORST = Duration.ofMinutes(2);

    private static final double JITTER = 0.2;
    private static final double GROWTH = 1.5;
    private static final int MAX_DOUBLINGS = 16;
    private static final int MISSED = 3;

    private PollInterval() {}

    /**
     * The time until the next request.
     *
     * @param awaited whether a step is waiting
     * @param quiet the number of responses without a change since the last change
     * @param errors failures since the last response
     * @param random from 0 to 1: spreads the requests of several servers and controllers
     */
    public static Duration next(boolean awaited, int quiet, int errors, double random) {
        Duration plain = awaited ? shorter(times(BUSY, Math.pow(GROWTH, quiet)), QUIET) : IDLE;
        if (errors > 0) {
            Duration pause = shorter(BUSY.multipliedBy(1L << Math.min(errors, MAX_DOUBLINGS)), WORST);
            plain = pause.compareTo(plain) > 0 || awaited ? pause : plain;
        }
        return times(plain, 1 - JITTER + 2 * JITTER * random);
    }

    /** The time without a response after which a server's status counts as outdated. */
    public static Duration staleAfter(boolean awaited) {
        return awaited ? QUIET.multipliedBy(MISSED + 1) : IDLE.multipliedBy(MISSED);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofMillis((long) (duration.toMillis() * Math.min(factor, 1_000)));
    }
}
