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
 * Names to work on, each once, and never by two workers at a time: what comes while it is worked on comes again
 * after.
 *
 * <p>Names whose work is slow share one half of the workers, and leave the other half to the rest: a few applications with
 * thousands of objects, or behind a slow webhook, would otherwise hold up all others. What is slow is known from the last
 * time, and after a second.
 */
final class WorkQueue {
    /** At once of those that are slow, and of those that are not. */
    private static final int HALF = 4;

    /** How many workers may call {@link #take}. */
    static final int WORKERS = 2 * HALF;

    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How often it is looked again whether work under way has become slow, which nobody tells. */
    private static final long AGAIN_MILLIS = 200;

    private final LongSupplier nanoTime;
    private final Set<String> waiting = new LinkedHashSet<>();
    /** Each with the nanosecond at which it was taken. */
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

    /** The next name that nobody works on, and for which there is room; null when closed. */
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

    /** The same without waiting; null when there is none. */
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

    /** Lets nobody take anything any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
