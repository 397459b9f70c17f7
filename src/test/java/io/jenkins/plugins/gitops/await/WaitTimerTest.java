package io.jenkins.plugins.gitops.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class WaitTimerTest {
    private final BlockingQueue<Wait> due = new LinkedBlockingQueue<>();
    private final WaitTimer waitTimer = new WaitTimer(due::addAll);

    private static Wait sleeper(String id) {
        RepositoryWaits group = new RepositoryWaits("config", null, Runnable::run, w -> {});
        return new Wait(
                id,
                group,
                new Expectation(new Target(id, "dev", id, null), "1".repeat(40), List.of(), true),
                verdict -> {});
    }

    private String next() throws InterruptedException {
        Wait first = due.poll(1, TimeUnit.MINUTES);
        return first == null ? "nobody" : first.id;
    }

    @Test
    public void earliestTimerFiresFirst() throws Exception {
        Instant now = Instant.now();
        waitTimer.reschedule(sleeper("later"), now.plusMillis(300));
        waitTimer.reschedule(sleeper("sooner"), now.plusMillis(100));
        waitTimer.reschedule(sleeper("past"), now.minusSeconds(5));
        assertThat(next(), is("past"));
        assertThat(next(), is("sooner"));
        assertThat(next(), is("later"));
        assertThat(Instant.now().isBefore(now.plusMillis(300)), is(false));
    }

    @Test
    public void cancelledOrPostponedTimerDoesNotFire() throws Exception {
        Instant now = Instant.now();
        Wait taken = sleeper("taken");
        Wait off = sleeper("off");
        waitTimer.reschedule(taken, now.plusMillis(50));
        waitTimer.reschedule(off, now.plusMillis(50));
        waitTimer.reschedule(taken, null);
        waitTimer.reschedule(off, now.plusMillis(400));
        waitTimer.reschedule(sleeper("between"), now.plusMillis(200));
        assertThat(next(), is("between"));
        assertThat(next(), is("off"));
        assertThat(due.poll(), is(nullValue()));
    }
}
