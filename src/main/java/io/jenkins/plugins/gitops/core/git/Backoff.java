package io.jenkins.plugins.gitops.core.git;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff: the delay doubles after each attempt, and is at least what the remote requests. Not thread-safe.
 */
final class Backoff {
    private static final int MAX_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private int tries;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /** The next delay; randomized, so that clients that started together do not retry together. */
    Duration next(Optional<Duration> retryAfter) {
        long most = Math.min(first.toMillis() << Math.min(tries, MAX_DOUBLINGS), longest.toMillis());
        tries++;
        Duration pause = Duration.ofMillis(ThreadLocalRandom.current().nextLong(most - most / 4, most + 1));
        return retryAfter.filter(asked -> asked.compareTo(pause) > 0).orElse(pause);
    }

    /** Starts over after a success. */
    void reset() {
        tries = 0;
    }
}
