package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import org.junit.Test;

public class AwaitSyncExecutionTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private static long left(Duration since, boolean resumed) {
        long start = 1_700_000_000_000L;
        return AwaitSyncExecution.remaining(start, TEN_MINUTES, resumed, start + since.toMillis());
    }

    @Test
    public void theTimeoutCountsFromTheFirstStart() {
        assertThat(left(Duration.ZERO, false), is(TEN_MINUTES.toMillis()));
        assertThat(left(Duration.ofMinutes(4), true), is(Duration.ofMinutes(6).toMillis()));
    }

    @Test
    public void afterARestartAgentsGetTheTimeToReport() {
        assertThat(left(Duration.ofHours(3), true), is(Duration.ofSeconds(30).toMillis()));
        assertThat(left(Duration.ofHours(3), false), is(0L));
    }
}
