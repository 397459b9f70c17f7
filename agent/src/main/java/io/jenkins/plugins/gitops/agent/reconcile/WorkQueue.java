package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A queue of names. Each name is queued once and processed by only one worker at a time; a name that is added while it
 * is being processed is processed again afterwards.
 *
 * <p>Slow names may use only one half of the workers, and leave the other half to the rest: otherwise a few
 * applications with thousands of objects, or with a slow webhook, would delay all others. A name is slow if its last
 * processing took more than a second, or the current one does.
 */
final class WorkQueue {
    /** The maximum number of concurrently processed slow names, and of other names. */
    private static final int HALF = 4;

    /** The number of workers that may call {@link #take}. */
    static final int WORKERS = 2 * HALF;

    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How often to check whether running work has become slow, since nothing signals that. */
    private static final long AGAIN_MILLIS = 200;

    private final LongSupplier nanoTime;
    private final Set<String> waiting = new LinkedHashSet<>();
    /** By name, with the time in nanoseconds at which it was taken. */
    private final Map<String, Long> running = new HashMap<>();

    private final Set<String> slow = new HashSet<>();
    private boolean closed;

    WorkQueue() {
        this(System::nanoTime);
    }

    WorkQueue(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(String name) {
        if (!closed && waiting.add(name)) {
            notify();
        }
    }

    /** Waits for the next name that is not being processed and whose half has a free worker; null if closed. */
    @CheckForNull
    synchronized String take() throws InterruptedException {
        while (!closed) {
            String next = poll();
            if (next != null) {
                return next;
            }
            if (waiting.isEmpty()) {
                wait();
            } else {
                wait(AGAIN_MILLIS);
            }
        }
        return null;
    }

    /** Returns the next name without waiting; null if there is none. */
    @CheckForNull
    synchronized String poll() {
        long now = nanoTime.getAsLong();
        long slowNow = running.entrySet().stream()
                .filter(work -> slow.contains(work.getKey()) || now - work.getValue() >= SLOW_NANOS)
                .count();
        long quickNow = running.size() - slowNow;
        for (Iterator<String> names = waiting.iterator(); names.hasNext(); ) {
            String name = names.next();
            boolean room = slow.contains(name) ? slowNow < HALF : quickNow < HALF;
            if (room && !running.containsKey(name)) {
                names.remove();
                running.put(name, now);
                return name;
            }
        }
        return null;
    }

    synchronized void done(String name) {
        Long since = running.remove(name);
        if (since != null && nanoTime.getAsLong() - since >= SLOW_NANOS) {
            slow.add(name);
        } else {
            slow.remove(name);
        }
        notifyAll();
    }

    /** Closes the queue; {@link #take} returns null from now on. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
