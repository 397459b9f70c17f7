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
 * What decisions about one clone remember of its commits, which never change: so many waits ask Git once, not each.
 * Forgets what was not asked for longest. May be used by many threads.
 */
public final class CommitCache {
    /** About 2 MB. */
    private static final int MAX_ENTRIES = 10_000;

    private final Map<ImageKey, Optional<List<ImageReference>>> images;
    private final Map<ImageKey, Set<String>> unnamed;
    private final Map<AncestryKey, Boolean> ancestry;

    /** One that remembers as much as thousands of waits of one repository ask for. */
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

    /** Answers what is not remembered; empty for what cannot be known yet. */
    interface AnswerLoader<T> {
        Optional<T> load() throws IOException;
    }

    /** The images of a target at a revision; empty within when it has none there that can be read. */
    Optional<Optional<List<ImageReference>>> images(
            String revision, Target target, AnswerLoader<Optional<List<ImageReference>>> answerLoader)
            throws IOException {
        return answer(images, new ImageKey(revision, target), answerLoader);
    }

    /** Names of images of a target at a revision that are called so only by us. */
    Set<String> unnamed(String revision, Target target, AnswerLoader<Set<String>> answerLoader) throws IOException {
        return answer(unnamed, new ImageKey(revision, target), answerLoader).orElse(Set.of());
    }

    /** Whether one commit led to another. */
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
        // Two that ask the same at once both ask Git, which is cheaper than that all others wait meanwhile.
        Optional<V> answer = answerLoader.load();
        answer.ifPresent(value -> {
            synchronized (known) {
                known.put(key, value);
            }
        });
        return answer;
    }
}
