package io.jenkins.plugins.gitops.steps;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides which lines of a wait are worth the build's log: each new reason, and the same reason once a minute. A reason
 * that changes without end is told once a minute too.
 */
final class WaitLog {
    private static final Duration AGAIN = Duration.ofMinutes(1);
    /** More changes than this in one wait are not told one by one. */
    private static final int MANY = 200;

    private String current = "";
    private String last = "";
    private long lastAt;
    private int told;

    /**
     * @param nanos of a clock that never goes back
     * @return the line to write, if it is time for it
     */
    synchronized Optional<String> line(String reason, long nanos) {
        current = reason;
        boolean due = told == 0 || nanos - lastAt >= AGAIN.toNanos();
        boolean news = !reason.equals(last) && told < MANY;
        if (!due && !news) {
            return Optional.empty();
        }
        last = reason;
        lastAt = nanos;
        told++;
        return Optional.of(reason);
    }

    /** The newest reason, told or not; empty before the first. */
    synchronized String current() {
        return current;
    }
}
