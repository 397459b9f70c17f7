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
 * Runs the tasks of one key one after the other, and those of several keys side by side on a pool: whatever is asked for
 * one key, it occupies one thread, and after each of its tasks the others have their turn. Safe for use by many threads.
 */
final class KeyedSerialExecutor {
    private static final Logger LOGGER = Logger.getLogger(KeyedSerialExecutor.class.getName());

    private final Executor pool;
    /** The tasks after the one that runs or is queued in the pool, by key; no entry for a key with nothing to do. */
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
            // Whatever it is: the tasks behind it are not to be lost.
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

    /** For how many keys there is something to do. */
    int size() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
