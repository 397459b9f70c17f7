package io.jenkins.plugins.gitops.steps;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decides which lines of a wait are worth the build's log: each new reason, and the same reason once a minute. A reason
 * that changes without end is told once a minute too.
 */
final class WaitProgressLog {
    private static final Duration AGAIN = Duration.ofMinutes(1);
    /** More changes than this in one wait are not told one by one. */
    private static final int MANY = 200;

    private String current = "";
    private String last = "";
    private long lastAt;
    private int logged;
    /** Lines that nobody has taken yet. */
    private List<String> pending = List.of();

    /**
     * @param nanos of a clock that never goes back
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

    /** The lines to write now, oldest first; each is given once. */
    synchronized List<String> take() {
        List<String> lines = pending;
        pending = List.of();
        return lines;
    }

    /** The newest reason, told or not; empty before the first. */
    synchronized String current() {
        return current;
    }
}
