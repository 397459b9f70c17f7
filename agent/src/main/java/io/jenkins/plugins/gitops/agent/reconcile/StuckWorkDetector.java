package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Tracks running tasks, to detect one that does not end. Times are those of {@link System#nanoTime}. */
final class StuckWorkDetector {
    /** All requests and waits of a task have timeouts, whose sum is less than this. */
    static final Duration LIMIT = Duration.ofMinutes(10);

    private final Map<String, Long> running = new ConcurrentHashMap<>();

    void begin(String work, long now) {
        running.put(work, now);
    }

    void end(String work) {
        running.remove(work);
    }

    /** A task that has not ended within the limit; empty if there is none. */
    Optional<String> stuck(long now) {
        return running.entrySet().stream()
                .filter(work -> now - work.getValue() > LIMIT.toNanos())
                .map(work -> work.getKey() + " has not ended for "
                        + TimeUnit.NANOSECONDS.toMinutes(now - work.getValue()) + " minutes")
                .sorted()
                .findFirst();
    }
}
