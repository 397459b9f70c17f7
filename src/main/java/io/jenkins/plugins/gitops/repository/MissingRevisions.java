package io.jenkins.plugins.gitops.repository;

import io.jenkins.plugins.gitops.core.model.BoundedMap;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Revisions that agents or waits speak of and that no fetch brought so far. Those that a fetch of the branch does not bring are
 * fetched by their names, since another branch may lead to them. One that nobody has, since an agent lies or a
 * branch was moved away from it, makes Jenkins fetch less and less often; a new one at once.
 */
final class MissingRevisions {
    /** More are forgotten, the oldest first. */
    private static final int MAX_REVISIONS = 1_000;

    private static final Duration INITIAL_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofMinutes(5);
    /** More are not fetched by their names at once. */
    private static final int MAX_BY_NAME = 5;

    private final Map<String, MissingRevision> missing = BoundedMap.byInsertion(MAX_REVISIONS);
    private final Set<String> byName = new LinkedHashSet<>();

    private record MissingRevision(Duration delay, Instant next) {}

    /** Whether a fetch is due for a revision that is not there; if so, the next one is due later. */
    synchronized boolean isDue(String revision, Instant now) {
        MissingRevision known = missing.get(revision);
        if (known != null && now.isBefore(known.next())) {
            return false;
        }
        Duration delay = known == null ? INITIAL_DELAY : known.delay().multipliedBy(2);
        Duration bounded = delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
        missing.put(revision, new MissingRevision(bounded, now.plus(bounded)));
        if (byName.size() < MAX_BY_NAME) {
            byName.add(revision);
        }
        return true;
    }

    /** Those to be fetched by their names if the branch does not lead to them, each told once. */
    synchronized List<String> takeByName() {
        List<String> taken = List.copyOf(byName);
        byName.clear();
        return taken;
    }

    /** When a fetch is due again for a revision; now for one that was never missing. */
    synchronized Instant next(String revision, Instant now) {
        MissingRevision known = missing.get(revision);
        return known == null ? now : known.next();
    }
}
