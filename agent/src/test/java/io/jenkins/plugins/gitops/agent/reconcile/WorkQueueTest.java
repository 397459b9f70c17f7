package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class WorkQueueTest {
    private final AtomicLong seconds = new AtomicLong();
    private final WorkQueue queue = new WorkQueue(() -> TimeUnit.SECONDS.toNanos(seconds.get()));

    @Test
    public void deduplicatesNames() throws Exception {
        queue.add("a");
        queue.add("a");
        queue.add("b");

        assertThat(queue.take(), is("a"));
        assertThat(queue.take(), is("b"));
        queue.close();
        assertThat(queue.take(), is(nullValue()));
    }

    @Test
    public void itemAddedWhileProcessingIsProcessedAgain() throws Exception {
        queue.add("a");
        queue.take();
        queue.add("a");
        queue.add("b");

        assertThat(queue.take(), is("b"));
        queue.done("a");
        assertThat(queue.take(), is("a"));
    }

    @Test
    public void processesAtMostFourAtOnce() {
        add("a", "b", "c", "d", "e");

        assertThat(takeAll(), contains("a", "b", "c", "d"));
        queue.done("b");
        assertThat(takeAll(), contains("e"));
    }

    @Test
    public void slowWorkFreesItsSlotForOthers() {
        add("a", "b", "c", "d", "e", "f", "g", "h", "i");
        takeAll();
        assertThat(takeAll(), is(empty()));

        seconds.set(1);

        assertThat(takeAll(), contains("e", "f", "g", "h"));
    }

    @Test
    public void previouslySlowWorkLeavesSlotsForOthers() {
        String[] slow = {"a", "b", "c", "d", "e", "f"};
        for (String name : slow) {
            add(name);
            takeAll();
            seconds.addAndGet(30);
            queue.done(name);
        }
        add(slow);
        add("quick");

        assertThat(takeAll(), contains("a", "b", "c", "d", "quick"));
        queue.done("quick");
        add("quick");
        assertThat(takeAll(), contains("quick"));
        queue.done("a");
        assertThat("slow ones in turn", takeAll(), contains("e"));
    }

    @Test
    public void workThatBecomesFastAgainCountsAsFast() {
        add("a");
        takeAll();
        seconds.set(30);
        queue.done("a");
        add("a");
        takeAll();
        queue.done("a");
        add("b", "c", "d", "a", "e");

        assertThat(takeAll(), contains("b", "c", "d", "a"));
    }

    private void add(String... names) {
        List.of(names).forEach(queue::add);
    }

    private List<String> takeAll() {
        List<String> taken = new ArrayList<>();
        for (String name = queue.poll(); name != null; name = queue.poll()) {
            taken.add(name);
        }
        return taken;
    }
}
