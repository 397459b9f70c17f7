package io.jenkins.plugins.gitops.core.argocd.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Limits the requests that only explain a wait: they may use what necessary requests leave of a budget per minute, and
 * a small minimum in any case. Not thread-safe.
 */
final class RequestBudget {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** The limit of all requests together. */
    private static final int ALL = 52;
    /** The minimum for explaining requests, regardless of other requests. */
    private static final int AT_LEAST = 4;

    private final Deque<Instant> all = new ArrayDeque<>();
    private final Deque<Instant> optional = new ArrayDeque<>();

    /** Records a request that is sent in any case. */
    void necessary(Instant now) {
        forget(now);
        all.add(now);
    }

    /** Whether this many optional requests may be sent now; if so, they are recorded as sent. */
    boolean tryOptional(int count, Instant now) {
        forget(now);
        if (all.size() + count > ALL && optional.size() + count > AT_LEAST) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            all.add(now);
            optional.add(now);
        }
        return true;
    }

    private void forget(Instant now) {
        for (Deque<Instant> sent : List.of(all, optional)) {
            // Also removes times in the future, which remain after the clock was set back.
            while (!sent.isEmpty()
                    && (!now.isBefore(sent.peek().plus(WINDOW)) || sent.peek().isAfter(now))) {
                sent.poll();
            }
        }
    }
}
