package io.jenkins.plugins.gitops.core.git;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The pauses between tries: twice as long each time, and as long as the remote asks for. Used by one thread at a time. */
final class Backoff {
    private static final int MAX_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private int tries;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /** Never the same for two that began together, so that they do not meet again. */
    Duration next(Optional<Duration> retryAfter) {
        long most = Math.min(first.toMillis() << Math.min(tries, MAX_DOUBLINGS), longest.toMillis());
        tries++;
        Duration pause = Duration.ofMillis(ThreadLocalRandom.current().nextLong(most - most / 4, most + 1));
        return retryAfter.filter(asked -> asked.compareTo(pause) > 0).orElse(pause);
    }

    /** After what worked. */
    void reset() {
        tries = 0;
    }
}
