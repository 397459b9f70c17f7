package io.jenkins.plugins.gitops.core.model;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Caches results derived from file contents, by {@link FileTree#contentId}: contents never change, and many targets,
 * commits and queries share them. Errors of invalid contents are cached, too. Evicts the least recently used entries.
 * Thread-safe.
 */
public final class ContentCache {
    private static final Logger LOGGER = Logger.getLogger(ContentCache.class.getName());
    /** The weight of an error, whose text may be long. */
    private static final int MAX_REFUSAL = 30;
    /** About 40 MB, which only a repository of many thousand targets reaches. */
    private static final int MAX_WEIGHT = 200_000;
    /** A result that exceeds this fraction of the cache is not cached, since it would evict too many others. */
    private static final int MAX_SHARE = 10;

    private final Map<List<Object>, CachedOutcome> outcomes = new LinkedHashMap<>(64, 0.75f, true);
    private final int maxWeight;
    private int weight;

    /** Creates an empty cache. */
    public ContentCache() {
        this(MAX_WEIGHT);
    }

    ContentCache(int maxWeight) {
        this.maxWeight = maxWeight;
    }

    /** A result that can be cached; immutable. */
    public interface Weighted {
        /** The amount of memory, in units of about 200 bytes. */
        default int weight() {
            return 1;
        }
    }

    /** Computes a result. */
    public interface ContentLoader<T extends Weighted> {
        T load() throws UserErrorException, IOException;
    }

    private record CachedOutcome(Weighted made, UserErrorException refused, int weight) {}

    /**
     * Returns the cached result, or computes it.
     *
     * @param type of the result
     * @param of the ids of all contents that the result depends on, and all other inputs
     * @throws UserErrorException if the content is invalid, now or when it was first read
     * @throws IOException if the content cannot be read, which is not cached
     */
    public <T extends Weighted> T get(Class<T> type, List<?> of, ContentLoader<T> contentLoader)
            throws UserErrorException, IOException {
        List<Object> key = List.of(type, List.copyOf(of));
        CachedOutcome known;
        synchronized (outcomes) {
            known = outcomes.get(key);
        }
        if (known == null) {
            known = outcome(of, contentLoader);
            remember(key, known);
        }
        if (known.refused() != null) {
            throw known.refused();
        }
        return type.cast(known.made());
    }

    private static <T extends Weighted> CachedOutcome outcome(List<?> of, ContentLoader<T> contentLoader)
            throws IOException {
        try {
            T made = contentLoader.load();
            return new CachedOutcome(made, null, 1 + made.weight());
        } catch (UserErrorException e) {
            return new CachedOutcome(null, e, 1 + e.getMessage().length() / 100);
        } catch (RuntimeException | StackOverflowError e) {
            // One content that triggers a bug in a reader must not fail operations on all others. Logged once, since
            // the error is cached.
            LOGGER.log(Level.WARNING, e, () -> "A file of a config repository cannot be read: " + of);
            UserErrorException refused = new UserErrorException(
                    "A file here cannot be read, see the log: " + of,
                    "Change the file in Git, and report this as a bug");
            return new CachedOutcome(null, refused.causedBy(e), MAX_REFUSAL);
        }
    }

    private void remember(List<Object> key, CachedOutcome outcome) {
        if (outcome.weight() > maxWeight / MAX_SHARE) {
            return;
        }
        synchronized (outcomes) {
            CachedOutcome before = outcomes.put(key, outcome);
            weight += outcome.weight() - (before == null ? 0 : before.weight());
            Iterator<CachedOutcome> oldest = outcomes.values().iterator();
            while (weight > maxWeight) {
                weight -= oldest.next().weight();
                oldest.remove();
            }
        }
    }
}
