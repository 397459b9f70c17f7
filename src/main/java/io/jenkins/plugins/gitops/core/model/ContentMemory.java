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
public final class ContentMemory {
    private static final Logger LOGGER = Logger.getLogger(ContentMemory.class.getName());
    /** Of a refusal whose text may be long. */
    private static final int MAX_REFUSAL = 30;
    /** Some 40 MB, which only a repository of many thousand targets comes to. */
    private static final int MAX_WEIGHT = 200_000;
    /** What weighs more than this share is not worth pushing everything else out. */
    private static final int LARGEST_SHARE = 10;

    private final Map<List<Object>, Outcome> outcomes = new LinkedHashMap<>(64, 0.75f, true);
    private final int maxWeight;
    private int weight;

    /** An empty one. */
    public ContentMemory() {
        this(MAX_WEIGHT);
    }

    ContentMemory(int maxWeight) {
        this.maxWeight = maxWeight;
    }

    /** What is made of content; immutable. */
    public interface Made {
        /** How much memory it takes, in units of about 200 bytes. */
        default int weight() {
            return 1;
        }
    }

    /** Makes it. */
    public interface Maker<T extends Made> {
        T make() throws RefusedException, IOException;
    }

    private record Outcome(Made made, RefusedException refused, int weight) {}

    /**
     * What is remembered, or else what is made now.
     *
     * @param type of what is made
     * @param of ids of all contents that it is made of, and whatever else decides what comes out
     * @throws RefusedException when the maker refuses the content, or did so before
     * @throws IOException when the content cannot be read, which is not remembered
     */
    public <T extends Made> T get(Class<T> type, List<?> of, Maker<T> maker) throws RefusedException, IOException {
        List<Object> key = List.of(type, List.copyOf(of));
        Outcome known;
        synchronized (outcomes) {
            known = outcomes.get(key);
        }
        if (known == null) {
            known = outcome(of, maker);
            remember(key, known);
        }
        if (known.refused() != null) {
            throw known.refused();
        }
        return type.cast(known.made());
    }

    private static <T extends Made> Outcome outcome(List<?> of, Maker<T> maker) throws IOException {
        try {
            T made = maker.make();
            return new Outcome(made, null, 1 + made.weight());
        } catch (RefusedException e) {
            return new Outcome(null, e, 1 + e.getMessage().length() / 100);
        } catch (RuntimeException | StackOverflowError e) {
            // One content that no reader is fit for must not end what is asked of all the others. Logged once: it is
            // known then.
            LOGGER.log(Level.WARNING, e, () -> "A file of a config repository cannot be read: " + of);
            RefusedException refused = new RefusedException(
                    "A file here cannot be read, see the log: " + of, "Change the file in Git, and report this fault");
            return new Outcome(null, refused.causedBy(e), MAX_REFUSAL);
        }
    }

    private void remember(List<Object> key, Outcome outcome) {
        if (outcome.weight() > maxWeight / LARGEST_SHARE) {
            return;
        }
        synchronized (outcomes) {
            Outcome before = outcomes.put(key, outcome);
            weight += outcome.weight() - (before == null ? 0 : before.weight());
            Iterator<Outcome> oldest = outcomes.values().iterator();
            while (weight > maxWeight) {
                weight -= oldest.next().weight();
                oldest.remove();
            }
        }
    }
}
