package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Work that does not end is detected, and no other work. */
public class StuckWorkDetectorTest {
    private static final long START = Long.MAX_VALUE - 5;

    private final StuckWorkDetector stuckWorkDetector = new StuckWorkDetector();

    @Test
    public void idleIsNotStuck() {
        assertThat(stuckWorkDetector.stuck(after(1000)), is(Optional.empty()));
    }

    @Test
    public void workMayTakeTenMinutes() {
        stuckWorkDetector.begin("the pass over application shop", START);

        assertThat(stuckWorkDetector.stuck(after(10)), is(Optional.empty()));
        assertThat(
                stuckWorkDetector.stuck(after(11)),
                is(Optional.of("the pass over application shop has not ended for 11 minutes")));
    }

    @Test
    public void completedWorkDoesNotHideStuckWork() {
        stuckWorkDetector.begin("the pass over application shop", START);
        stuckWorkDetector.begin("the pass over application web", after(10));
        stuckWorkDetector.end("the pass over application web");
        stuckWorkDetector.begin("the pass over application web", after(11));

        assertThat(
                stuckWorkDetector.stuck(after(12)),
                is(Optional.of("the pass over application shop has not ended for 12 minutes")));
        stuckWorkDetector.end("the pass over application shop");
        assertThat(stuckWorkDetector.stuck(after(12)), is(Optional.empty()));
    }

    private static long after(long minutes) {
        return START + TimeUnit.MINUTES.toNanos(minutes);
    }
}
