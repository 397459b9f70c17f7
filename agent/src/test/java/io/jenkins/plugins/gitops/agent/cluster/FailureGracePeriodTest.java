package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.agent.health.HealthStatus.Certainty;
import io.jenkins.plugins.gitops.core.model.Health;
import org.junit.Test;

public class FailureGracePeriodTest {
    private static final HealthStatus FAILING =
            new HealthStatus(Health.DEGRADED, "Ready is False: no store", Certainty.RETRIED);
    private static final HealthStatus STILL_PROGRESSING =
            new HealthStatus(Health.PROGRESSING, "Ready is False: no store");
    private static final HealthStatus ABORTED = new HealthStatus(Health.DEGRADED, "aborted");
    private static final long LASTS = FailureGracePeriod.DURATION.toNanos();
    private static final long START = -7;

    @Test
    public void failureCountsAfterTheGracePeriod() {
        FailureGracePeriod grace = FailureGracePeriod.next(null, FAILING, 1, START);
        assertThat(grace.evaluate(FAILING, START), is(STILL_PROGRESSING));

        grace = FailureGracePeriod.next(grace, FAILING, 1, START + LASTS - 1);
        assertThat(grace.evaluate(FAILING, START + LASTS - 1), is(STILL_PROGRESSING));

        grace = FailureGracePeriod.next(grace, FAILING, 1, START + LASTS);
        assertThat(grace.evaluate(FAILING, START + LASTS), is(FAILING));
    }

    @Test
    public void newSpecGetsItsOwnGracePeriod() {
        FailureGracePeriod grace = FailureGracePeriod.next(null, FAILING, 1, START);
        grace = FailureGracePeriod.next(grace, FAILING, 2, START + LASTS);
        assertThat(grace.evaluate(FAILING, START + LASTS), is(STILL_PROGRESSING));
        grace = FailureGracePeriod.next(grace, FAILING, 2, START + 2 * LASTS);
        assertThat(grace.evaluate(FAILING, START + 2 * LASTS), is(FAILING));
    }

    @Test
    public void recurringFailureStartsANewGracePeriod() {
        FailureGracePeriod grace = FailureGracePeriod.next(null, FAILING, 1, START);
        grace = FailureGracePeriod.next(grace, STILL_PROGRESSING, 1, START + 1);
        grace = FailureGracePeriod.next(grace, FAILING, 1, START + LASTS);
        assertThat(grace.evaluate(FAILING, START + LASTS), is(STILL_PROGRESSING));
    }

    @Test
    public void failureWithoutRetriesCountsAtOnce() {
        FailureGracePeriod grace = FailureGracePeriod.next(null, ABORTED, 1, START);
        assertThat(grace.evaluate(ABORTED, START), is(ABORTED));
    }
}
