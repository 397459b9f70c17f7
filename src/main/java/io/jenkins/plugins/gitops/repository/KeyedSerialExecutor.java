package io.jenkins.plugins.gitops.repository;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs the tasks of one key sequentially, and those of different keys in parallel on a pool. A key uses at most one
 * thread, however many tasks it has, and yields to the other keys after each task. Thread-safe.
 */
final class KeyedSerialExecutor {
    private static final Logger LOGGER = Logger.getLogger(KeyedSerialExecutor.class.getName());

    private final Executor pool;
    /** The tasks that follow the running or submitted one, by key; idle keys have no entry. */
    private final Map<Object, Deque<Runnable>> waiting = new HashMap<>();

    KeyedSerialExecutor(Executor pool) {
        this.pool = pool;
    }

    /** The executor of one key. */
    Executor of(Object key) {
        return task -> execute(key, task);
    }

    private void execute(Object key, Runnable task) {
        synchronized (waiting) {
            Deque<Runnable> behind = waiting.get(key);
            if (behind != null) {
                behind.add(task);
                return;
            }
            waiting.put(key, new ArrayDeque<>());
        }
        try {
            pool.execute(() -> run(key, task));
        } catch (RejectedExecutionException e) {
            forget(key);
            throw e;
        }
    }

    private void run(Object key, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // Catch everything, so that the following tasks of this key still run.
            LOGGER.log(Level.WARNING, e, () -> "a background task of " + key + " failed");
        }
        Runnable next;
        synchronized (waiting) {
            next = waiting.get(key).poll();
            if (next == null) {
                waiting.remove(key);
                return;
            }
        }
        try {
            pool.execute(() -> run(key, next));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, e, () -> "the pool is shut down; pending tasks of " + key + " are dropped");
            forget(key);
        }
    }

    private void forget(Object key) {
        synchronized (waiting) {
            waiting.remove(key);
        }
    }

    /** Number of keys with running or waiting tasks. */
    int size() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
