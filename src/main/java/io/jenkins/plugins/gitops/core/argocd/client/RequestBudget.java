package io.jenkins.plugins.gitops.core.argocd.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Keeps what only explains a wait from asking too often: those requests fit into what the necessary ones leave of a minute's
 * budget, and never less than a few. Not safe for use by several threads.
 */
final class RequestBudget {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** Of all requests together. */
    private static final int ALL = 52;
    /** Of those that only explain, however many others there are. */
    private static final int AT_LEAST = 4;

    private final Deque<Instant> all = new ArrayDeque<>();
    private final Deque<Instant> optional = new ArrayDeque<>();

    /** A request that is sent whatever else is. */
    void necessary(Instant now) {
        forget(now);
        all.add(now);
    }

    /** Whether so many requests may be sent now that can wait; they count as sent then. */
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
            // A clock that was set back leaves nothing behind.
            while (!sent.isEmpty()
                    && (!now.isBefore(sent.peek().plus(WINDOW)) || sent.peek().isAfter(now))) {
                sent.poll();
            }
        }
    }
}
