package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import org.junit.Test;

public class WorkQueueTest {
    private final WorkQueue queue = new WorkQueue();

    @Test
    public void givesEachNameOnce() throws Exception {
        queue.add("a");
        queue.add("a");
        queue.add("b");

        assertThat(queue.take(), is("a"));
        assertThat(queue.take(), is("b"));
        queue.close();
        assertThat(queue.take(), is(nullValue()));
    }

    @Test
    public void whatComesWhileItIsWorkedOnComesAgainAfterwards() throws Exception {
        queue.add("a");
        queue.take();
        queue.add("a");
        queue.add("b");

        assertThat(queue.take(), is("b"));
        queue.done("a");
        assertThat(queue.take(), is("a"));
    }
}
