package io.jenkins.plugins.gitops.core.model;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Remembers what was made of the contents of files, by {@link FileTree#contentId}: contents never change, and many targets,
 * commits and questions are about the same ones. What was refused is remembered, too. Forgets what was not asked for
 * longest. May be used by many threads.
 */
public final class ContentCache {
    private static final Logger LOGGER = Logger.getLogger(ContentCache.class.getName());
    /** Of a refusal whose text may be long. */
    private static final int MAX_REFUSAL = 30;
    /** Some 40 MB, which only a repository of many thousand targets comes to. */
    private static final int MAX_WEIGHT = 200_000;
    /** What weighs more than this share is not worth pushing everything else out. */
    private static final int MAX_SHARE = 10;

    private final Map<List<Object>, CachedOutcome> outcomes = new LinkedHashMap<>(64, 0.75f, true);
    private final int maxWeight;
    private int weight;

    /** An empty one. */
    public ContentCache() {
        this(MAX_WEIGHT);
    }

    ContentCache(int maxWeight) {
        this.maxWeight = maxWeight;
    }

    /** What is made of content; immutable. */
    public interface Weighted {
        /** How much memory it takes, in units of about 200 bytes. */
        default int weight() {
            return 1;
        }
    }

    /** Makes it. */
    public interface ContentLoader<T extends Weighted> {
        T load() throws UserErrorException, IOException;
    }

    private record CachedOutcome(Weighted made, UserErrorException refused, int weight) {}

    /**
     * What is remembered, or else what is made now.
     *
     * @param type of what is made
     * @param of ids of all contents that it is made of, and whatever else decides what comes out
     * @throws UserErrorException when the maker refuses the content, or did so before
     * @throws IOException when the content cannot be read, which is not remembered
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
            // One content that no reader is fit for must not end what is asked of all the others. Logged once: it is
            // known then.
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
