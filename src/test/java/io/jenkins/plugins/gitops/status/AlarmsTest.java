package io.jenkins.plugins.gitops.status;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class AlarmsTest {
    private final BlockingQueue<Wait> due = new LinkedBlockingQueue<>();
    private final Alarms alarms = new Alarms(due::addAll);

    private static Wait sleeper(String id) {
        WaitGroup group = new WaitGroup("config", Runnable::run, w -> {});
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
    public void theEarliestComesFirstWheneverItWasSet() throws Exception {
        Instant now = Instant.now();
        alarms.set(sleeper("later"), now.plusMillis(300));
        alarms.set(sleeper("sooner"), now.plusMillis(100));
        alarms.set(sleeper("past"), now.minusSeconds(5));
        assertThat(next(), is("past"));
        assertThat(next(), is("sooner"));
        assertThat(next(), is("later"));
        assertThat(Instant.now().isBefore(now.plusMillis(300)), is(false));
    }

    @Test
    public void oneThatWasTakenBackOrPutOffDoesNotRing() throws Exception {
        Instant now = Instant.now();
        Wait taken = sleeper("taken");
        Wait off = sleeper("off");
        alarms.set(taken, now.plusMillis(50));
        alarms.set(off, now.plusMillis(50));
        alarms.set(taken, null);
        alarms.set(off, now.plusMillis(400));
        alarms.set(sleeper("between"), now.plusMillis(200));
        assertThat(next(), is("between"));
        assertThat(next(), is("off"));
        assertThat(due.poll(), is(nullValue()));
    }
}
