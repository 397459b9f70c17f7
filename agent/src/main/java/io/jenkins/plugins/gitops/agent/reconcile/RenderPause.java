package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * When an application may be rendered again. What took long rests at whatever revision, so that it gets a tenth of one thread in
 * the long run; nothing that takes an ordinary time ever does. What was refused is rendered again without a change in Git, too,
 * since the machine may have been busy, but seldom.
 *
 * @param end when the last rendering ended
 * @param took how long it lasted
 * @param refused whether it was refused
 */
record RenderPause(Instant end, Duration took, boolean refused) {
    /** kustomize takes less for nearly every folder there is. */
    static final Duration ORDINARY = Duration.ofSeconds(10);
    /** Times as long as it took. */
    private static final int REST = 9;
    /** Before something that was refused is tried again as it is. */
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
