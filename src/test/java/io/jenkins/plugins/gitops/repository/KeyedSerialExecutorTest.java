package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Test;

/** One key occupies a limited part of a pool, however many tasks it has. */
public class KeyedSerialExecutorTest {
    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final KeyedSerialExecutor executor = new KeyedSerialExecutor(pool::add);

    private void add(String key, String name) {
        executor.of(key).execute(() -> done.add(name));
    }

    private void work() {
        while (!pool.isEmpty()) {
            pool.remove().run();
        }
    }

    @Test
    public void manyTasksOfOneKeyOccupyOnlyOneThread() {
        for (int i = 0; i < 1_000; i++) {
            executor.of("hostile").execute(() -> {});
        }
        assertThat(pool.size(), is(1));
        add("innocent", "a");
        add("innocent", "b");
        assertThat(pool.size(), is(2));
        for (int i = 0; i < 4; i++) {
            pool.remove().run();
        }
        assertThat(done, contains("a", "b"));
    }

    @Test
    public void tasksOfOneKeyKeepTheirOrder() {
        add("k", "1");
        executor.of("k").execute(() -> add("k", "4"));
        add("k", "2");
        add("k", "3");
        work();
        assertThat(done, contains("1", "2", "3", "4"));
    }

    @Test
    public void failedTaskDoesNotDropLaterTasks() {
        executor.of("k").execute(() -> {
            throw new StackOverflowError("on purpose");
        });
        add("k", "after");
        work();
        assertThat(done, contains("after"));
    }

    @Test
    public void idleKeysAreRemoved() {
        for (int i = 0; i < 100; i++) {
            add("k" + i, "t");
        }
        assertThat(executor.size(), is(100));
        work();
        assertThat(executor.size(), is(0));
    }

    @Test
    public void closedPoolRejectsTasksAndKeepsNothing() {
        KeyedSerialExecutor closed = new KeyedSerialExecutor(task -> {
            throw new RejectedExecutionException("closed");
        });
        assertThrows(RejectedExecutionException.class, () -> closed.of("k").execute(() -> {}));
        assertThrows(RejectedExecutionException.class, () -> closed.of("k").execute(() -> {}));
        assertThat(closed.size(), is(0));
    }
}
