package io.jenkins.plugins.gitops.status;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
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
    private static final int MOST = 1_000;

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** More are not fetched by their names at once. */
    private static final int MOST_BY_NAME = 5;

    private final Map<String, Missing> missing = new Newest();
    private final Set<String> byName = new LinkedHashSet<>();

    private static final class Newest extends LinkedHashMap<String, Missing> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Missing> eldest) {
            return size() > MOST;
        }
    }

    private record Missing(Duration patience, Instant next) {}

    /** Whether a fetch is due for a revision that is not there; if so, the next one is due later. */
    synchronized boolean isDue(String revision, Instant now) {
        Missing known = missing.get(revision);
        if (known != null && now.isBefore(known.next())) {
            return false;
        }
        Duration patience = known == null ? FIRST : known.patience().multipliedBy(2);
        Duration bounded = patience.compareTo(LONGEST) > 0 ? LONGEST : patience;
        missing.put(revision, new Missing(bounded, now.plus(bounded)));
        if (byName.size() < MOST_BY_NAME) {
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
        Missing known = missing.get(revision);
        return known == null ? now : known.next();
    }
}
