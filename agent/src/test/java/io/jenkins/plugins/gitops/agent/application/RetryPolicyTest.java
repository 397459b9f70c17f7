package io.jenkins.plugins.gitops.agent.application;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

public class RetryPolicyTest {
    @Test
    public void defaultIsWhatArgoCdDoesForAutomatedSyncs() {
        assertThat(RetryPolicy.DEFAULT, is(new RetryPolicy(5, Duration.ofSeconds(5), 2, Duration.ofMinutes(3))));
    }

    @Test
    public void backoffGrowsByTheFactorUpToTheMaximum() {
        assertThat(
                IntStream.range(0, 8)
                        .mapToObj(RetryPolicy.DEFAULT::delayAfter)
                        .map(Duration::toSeconds)
                        .toList(),
                is(List.of(5L, 10L, 20L, 40L, 80L, 160L, 180L, 180L)));
    }

    @Test
    public void factorOfOneKeepsTheBackoffConstant() {
        RetryPolicy retryPolicy = new RetryPolicy(-1, Duration.ofMillis(1500), 1, Duration.ofSeconds(2));
        assertThat(retryPolicy.delayAfter(0), is(Duration.ofMillis(1500)));
        assertThat(retryPolicy.delayAfter(1000), is(Duration.ofMillis(1500)));
    }

    @Test
    public void backoffNeverExceedsTheMaximum() {
        RetryPolicy retryPolicy = new RetryPolicy(-1, Duration.ofMinutes(5), 2, Duration.ofMinutes(3));
        assertThat(retryPolicy.delayAfter(0), is(Duration.ofMinutes(3)));
        assertThat(retryPolicy.delayAfter(Integer.MAX_VALUE), is(Duration.ofMinutes(3)));
    }

    @Test
    public void limitCountsRetriesAfterTheFirstAttempt() {
        assertThat(limited(0).allows(0), is(false));
        assertThat(limited(2).allows(0), is(true));
        assertThat(limited(2).allows(1), is(true));
        assertThat(limited(2).allows(2), is(false));
        assertThat(limited(-1).allows(Integer.MAX_VALUE), is(true));
    }

    private static RetryPolicy limited(int limit) {
        return new RetryPolicy(limit, Duration.ofSeconds(5), 2, Duration.ofMinutes(3));
    }
}
