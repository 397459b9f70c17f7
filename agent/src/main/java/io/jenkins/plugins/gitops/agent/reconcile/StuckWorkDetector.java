package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Which pieces of work are under way, so that one that does not end is seen. Times are those of {@link System#nanoTime}. */
final class StuckWorkDetector {
    /** Every request and every wait of a piece of work has a time-out; together they come to less. */
    static final Duration LIMIT = Duration.ofMinutes(10);

    private final Map<String, Long> running = new ConcurrentHashMap<>();

    void begin(String work, long now) {
        running.put(work, now);
    }

    void end(String work) {
        running.remove(work);
    }

    /** One piece of work that has not ended within the limit; empty when there is none. */
    Optional<String> stuck(long now) {
        return running.entrySet().stream()
                .filter(work -> now - work.getValue() > LIMIT.toNanos())
                .map(work -> work.getKey() + " has not ended for "
                        + TimeUnit.NANOSECONDS.toMinutes(now - work.getValue()) + " minutes")
                .sorted()
                .findFirst();
    }
}
