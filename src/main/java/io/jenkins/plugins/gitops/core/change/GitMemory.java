package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decisions about one clone remember of its commits, which never change: so many waits ask Git once, not each.
 * Forgets what was not asked for longest. May be used by many threads.
 */
public final class GitMemory {
    /** About 2 MB. */
    private static final int MOST = 10_000;

    private final Map<Place, Optional<List<ImageReference>>> images;
    private final Map<Line, Boolean> lines;

    /** One that remembers as much as thousands of waits of one repository ask for. */
    public GitMemory() {
        this(MOST);
    }

    GitMemory(int most) {
        images = new Newest<>(most);
        lines = new Newest<>(most);
    }

    private record Place(String revision, Target target) {}

    private record Line(String ancestor, String descendant) {}

    /** Answers what is not remembered; empty for what cannot be known yet. */
    interface Question<T> {
        Optional<T> ask() throws IOException;
    }

    /** The images of a target at a revision; empty within when it has none there that can be read. */
    Optional<Optional<List<ImageReference>>> images(
            String revision, Target target, Question<Optional<List<ImageReference>>> question) throws IOException {
        return answer(images, new Place(revision, target), question);
    }

    /** Whether one commit led to another. */
    Optional<Boolean> isAncestor(String ancestor, String descendant, Question<Boolean> question) throws IOException {
        return answer(lines, new Line(ancestor, descendant), question);
    }

    private static <K, V> Optional<V> answer(Map<K, V> known, K key, Question<V> question) throws IOException {
        synchronized (known) {
            V value = known.get(key);
            if (value != null) {
                return Optional.of(value);
            }
        }
        // Two that ask the same at once both ask Git, which is cheaper than that all others wait meanwhile.
        Optional<V> answer = question.ask();
        answer.ifPresent(value -> {
            synchronized (known) {
                known.put(key, value);
            }
        });
        return answer;
    }

    private static final class Newest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;
        private final int most;

        private Newest(int most) {
            super(64, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
