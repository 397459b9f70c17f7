package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.health.Assessment;
import io.jenkins.plugins.gitops.agent.health.Assessment.Certainty;
import io.jenkins.plugins.gitops.core.model.Health;
import org.junit.Test;

public class FailureGraceTest {
    private static final Assessment FAILING =
            new Assessment(Health.DEGRADED, "Ready is False: no store", Certainty.RETRIED);
    private static final Assessment STILL_PROGRESSING = new Assessment(Health.PROGRESSING, "Ready is False: no store");
    private static final Assessment ABORTED = new Assessment(Health.DEGRADED, "aborted");
    private static final long LASTS = FailureGrace.LASTS.toNanos();
    private static final long START = -7;

    @Test
    public void failureCountsOnceItHasLasted() {
        FailureGrace grace = FailureGrace.next(null, FAILING, 1, START);
        assertThat(grace.judge(FAILING, START), is(STILL_PROGRESSING));

        grace = FailureGrace.next(grace, FAILING, 1, START + LASTS - 1);
        assertThat(grace.judge(FAILING, START + LASTS - 1), is(STILL_PROGRESSING));

        grace = FailureGrace.next(grace, FAILING, 1, START + LASTS);
        assertThat(grace.judge(FAILING, START + LASTS), is(FAILING));
    }

    @Test
    public void newSpecIsGivenItsOwnTime() {
        FailureGrace grace = FailureGrace.next(null, FAILING, 1, START);
        grace = FailureGrace.next(grace, FAILING, 2, START + LASTS);
        assertThat(grace.judge(FAILING, START + LASTS), is(STILL_PROGRESSING));
        grace = FailureGrace.next(grace, FAILING, 2, START + 2 * LASTS);
        assertThat(grace.judge(FAILING, START + 2 * LASTS), is(FAILING));
    }

    @Test
    public void failureThatWasOverStartsAnew() {
        FailureGrace grace = FailureGrace.next(null, FAILING, 1, START);
        grace = FailureGrace.next(grace, STILL_PROGRESSING, 1, START + 1);
        grace = FailureGrace.next(grace, FAILING, 1, START + LASTS);
        assertThat(grace.judge(FAILING, START + LASTS), is(STILL_PROGRESSING));
    }

    @Test
    public void failureThatNobodyRetriesCountsAtOnce() {
        FailureGrace grace = FailureGrace.next(null, ABORTED, 1, START);
        assertThat(grace.judge(ABORTED, START), is(ABORTED));
    }
}
