package io.jenkins.plugins.gitops.steps;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decides which lines of a wait are written to the build's log: each new reason, and an unchanged reason once a minute.
 * After many changes of the reason, new reasons are also limited to one a minute.
 */
final class WaitProgressLog {
    private static final Duration AGAIN = Duration.ofMinutes(1);
    /** After this many lines in one wait, new reasons are no longer logged at once. */
    private static final int MANY = 200;

    private String current = "";
    private String last = "";
    private long lastAt;
    private int logged;
    /** Lines that were not taken yet. */
    private List<String> pending = List.of();

    /**
     * @param nanos of a monotonic clock
     * @return whether there is a line to {@link #take}
     */
    synchronized boolean add(String reason, long nanos) {
        current = reason;
        boolean due = logged == 0 || nanos - lastAt >= AGAIN.toNanos();
        boolean news = !reason.equals(last) && logged < MANY;
        if (!due && !news) {
            return false;
        }
        last = reason;
        lastAt = nanos;
        logged++;
        pending = Stream.concat(pending.stream(), Stream.of(reason)).toList();
        return true;
    }

    /** Removes and returns the lines to write now, oldest first. */
    synchronized List<String> take() {
        List<String> lines = pending;
        pending = List.of();
        return lines;
    }

    /** The newest reason, logged or not; empty before the first. */
    synchronized String current() {
        return current;
    }
}
