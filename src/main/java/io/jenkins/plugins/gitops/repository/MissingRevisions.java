package io.jenkins.plugins.gitops.repository;

import io.jenkins.plugins.gitops.core.model.BoundedMap;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Revisions that agents or waits refer to and that the clone does not contain. Those that a fetch of the branch does
 * not bring are fetched by object id, since they may be on another branch. A revision that does not exist, because an
 * agent reports nonsense or the branch was rewritten, is requested with growing delays; a new revision at once.
 */
final class MissingRevisions {
    /** Beyond this number, the oldest are forgotten. */
    private static final int MAX_REVISIONS = 1_000;

    private static final Duration INITIAL_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofMinutes(5);
    /** Maximum number of revisions that are fetched by object id together. */
    private static final int MAX_BY_NAME = 5;

    private final Map<String, MissingRevision> missing = BoundedMap.byInsertion(MAX_REVISIONS);
    private final Set<String> byName = new LinkedHashSet<>();

    private record MissingRevision(Duration delay, Instant next) {}

    /** Whether a fetch is due for a missing revision; if so, postpones the next one. */
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

    /** Removes and returns the revisions to fetch by object id if they are not on the branch. */
    synchronized List<String> takeByName() {
        List<String> taken = List.copyOf(byName);
        byName.clear();
        return taken;
    }

    /** When the next fetch is due for a revision; now for one that has not been missing. */
    synchronized Instant next(String revision, Instant now) {
        MissingRevision known = missing.get(revision);
        return known == null ? now : known.next();
    }
}
