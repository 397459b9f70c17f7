package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * When an application may be rendered again. A slow rendering is followed by a pause at any revision, so that it uses
 * at most a tenth of one thread in the long run; a rendering that takes an ordinary time is not. A failed rendering is
 * also retried without a change in Git, since the machine may have been busy, but rarely.
 *
 * @param end when the last rendering ended
 * @param took how long it took
 * @param refused whether it failed
 */
record RenderPause(Instant end, Duration took, boolean refused) {
    /** kustomize takes less time for nearly every folder. */
    static final Duration ORDINARY = Duration.ofSeconds(10);
    /** The pause as a multiple of the duration. */
    private static final int REST = 9;
    /** The pause before a failed rendering is retried unchanged. */
    private static final Duration RETRY = Duration.ofMinutes(5);

    boolean tookLong() {
        return took.compareTo(ORDINARY) > 0;
    }

    /** @param unchanged whether revision and application are those of the last rendering */
    Instant until(boolean unchanged) {
        Duration rest = tookLong() ? took.multipliedBy(REST) : Duration.ZERO;
        return end.plus(unchanged && refused && rest.compareTo(RETRY) < 0 ? RETRY : rest);
    }
}
