package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.model.BoundedMap;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Caches what decisions read from the commits of one clone. Commits never change, so many waits share one query. Evicts
 * the least recently used entries. Thread-safe.
 */
public final class CommitCache {
    /** About 2 MB. */
    private static final int MAX_ENTRIES = 10_000;

    private final Map<ImageKey, Optional<List<ImageReference>>> images;
    private final Map<ImageKey, Set<String>> unnamed;
    private final Map<AncestryKey, Boolean> ancestry;

    /** Creates a cache that is large enough for thousands of waits of one repository. */
    public CommitCache() {
        this(MAX_ENTRIES);
    }

    CommitCache(int maxEntries) {
        images = BoundedMap.byAccess(maxEntries);
        unnamed = BoundedMap.byAccess(maxEntries);
        ancestry = BoundedMap.byAccess(maxEntries);
    }

    private record ImageKey(String revision, Target target) {}

    private record AncestryKey(String ancestor, String descendant) {}

    /** Loads a value that is not in the cache; empty if it cannot be determined yet. Empty values are not cached. */
    interface AnswerLoader<T> {
        Optional<T> load() throws IOException;
    }

    /** The images of a target at a revision; the inner value is empty if the target has no readable images there. */
    Optional<Optional<List<ImageReference>>> images(
            String revision, Target target, AnswerLoader<Optional<List<ImageReference>>> answerLoader)
            throws IOException {
        return answer(images, new ImageKey(revision, target), answerLoader);
    }

    /** The image names of a target at a revision that this plugin made up because Git does not name the image. */
    Set<String> unnamed(String revision, Target target, AnswerLoader<Set<String>> answerLoader) throws IOException {
        return answer(unnamed, new ImageKey(revision, target), answerLoader).orElse(Set.of());
    }

    /** Whether one commit is an ancestor of another; empty if that is not known yet. */
    Optional<Boolean> isAncestor(String ancestor, String descendant, AnswerLoader<Boolean> answerLoader)
            throws IOException {
        return answer(ancestry, new AncestryKey(ancestor, descendant), answerLoader);
    }

    private static <K, V> Optional<V> answer(Map<K, V> known, K key, AnswerLoader<V> answerLoader) throws IOException {
        synchronized (known) {
            V value = known.get(key);
            if (value != null) {
                return Optional.of(value);
            }
        }
        // Loads outside the lock: a duplicate query is cheaper than blocking all other readers.
        Optional<V> answer = answerLoader.load();
        answer.ifPresent(value -> {
            synchronized (known) {
                known.put(key, value);
            }
        });
        return answer;
    }
}
