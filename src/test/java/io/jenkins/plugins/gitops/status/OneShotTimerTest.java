package io.jenkins.plugins.gitops.status;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class OneShotTimerTest {
    private final BlockingQueue<Instant> runs = new LinkedBlockingQueue<>();
    private final OneShotTimer timer = new OneShotTimer(() -> runs.add(Instant.now()));

    @Test
    public void runsOnceAtTheEarliestTimeAndNotBefore() throws Exception {
        Instant first = Instant.now().plusMillis(200);
        timer.set(first.plusSeconds(3_600));
        timer.set(first);
        timer.set(first.plusMillis(50));
        Instant run = runs.poll(1, TimeUnit.MINUTES);
        assertThat(run.isBefore(first), is(false));
        timer.set(first.plusMillis(300));
        assertThat(runs.poll(1, TimeUnit.MINUTES).isBefore(first.plusMillis(300)), is(false));
        assertThat(runs.poll(), is(nullValue()));
    }

    @Test
    public void pastTimeRunsAtOnce() throws Exception {
        timer.set(Instant.now().minusSeconds(5));
        assertThat(runs.poll(1, TimeUnit.MINUTES), is(notNullValue()));
    }
}
