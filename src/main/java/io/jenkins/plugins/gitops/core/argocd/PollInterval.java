package io.jenkins.plugins.gitops.core.argocd;

import java.time.Duration;

/** When a server is asked again: often while somebody waits and something happens, seldom otherwise. */
public final class PollInterval {
    /** While somebody waits and there were news. */
    static final Duration BUSY = Duration.ofSeconds(5);
    /** While somebody waits and nothing happens. */
    static final Duration QUIET = Duration.ofSeconds(15);
    /** When nobody waits: for the pages. */
    static final Duration IDLE = Duration.ofMinutes(1);
    /** The longest pause after errors. */
    static final Duration WORST = Duration.ofMinutes(2);

    private static final double JITTER = 0.2;
    private static final double GROWTH = 1.5;
    private static final int MAX_DOUBLINGS = 16;
    private static final int MISSED = 3;

    private PollInterval() {}

    /**
     * @param awaited whether somebody waits
     * @param quiet answers without news since the last news
     * @param errors failures since the last answer
     * @param random from 0 to 1: spreads servers and Jenkinses
     */
    public static Duration next(boolean awaited, int quiet, int errors, double random) {
        Duration plain = awaited ? shorter(times(BUSY, Math.pow(GROWTH, quiet)), QUIET) : IDLE;
        if (errors > 0) {
            Duration pause = shorter(BUSY.multipliedBy(1L << Math.min(errors, MAX_DOUBLINGS)), WORST);
            plain = pause.compareTo(plain) > 0 || awaited ? pause : plain;
        }
        return times(plain, 1 - JITTER + 2 * JITTER * random);
    }

    /** After how long without an answer a server is not believed any more. */
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
