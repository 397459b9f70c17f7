package io.jenkins.plugins.gitops.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.await.CommitCache;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The waits of one repository, indexed by the topics that they listen to, and a queue of those to evaluate. One thread
 * at a time evaluates them, in short turns, however many there are.
 */
final class RepositoryWaits {
    private static final Logger LOGGER = Logger.getLogger(RepositoryWaits.class.getName());
    private static final int TURN = 32;

    /** Name of the repository. */
    final String repository;
    /** The branch of its targets; null for the configured one. */
    @CheckForNull
    final String branch;
    /** What was read from its commits, shared by all waits. */
    final CommitCache memory = new CommitCache();

    private final Executor pool;
    private final Consumer<Wait> evaluate;
    /** The value is a {@link Wait} for most keys, to save memory; a set if several waits have the same key. */
    private final Map<StatusTopic, Object> byKey = new HashMap<>();
    /** Waits that need a fetch to proceed. */
    private final Set<Wait> awaitingFetch = new HashSet<>();

    private final Set<Wait> queue = new LinkedHashSet<>();
    private boolean working;
    /** The branch tip up to which changes were processed. */
    private String tip;

    /** @param evaluate evaluates one wait */
    RepositoryWaits(String repository, @CheckForNull String branch, Executor pool, Consumer<Wait> evaluate) {
        this.repository = repository;
        this.branch = branch;
        this.pool = pool;
        this.evaluate = evaluate;
    }

    synchronized void add(Wait wait) {
        for (StatusTopic key : wait.keys()) {
            byKey.merge(key, wait, RepositoryWaits::join);
        }
    }

    synchronized void remove(Wait wait) {
        for (StatusTopic key : wait.keys()) {
            byKey.computeIfPresent(key, (k, there) -> without(there, wait));
        }
        awaitingFetch.remove(wait);
        queue.remove(wait);
    }

    private static Object join(Object there, Object wait) {
        if (there instanceof Set<?>) {
            addTo(there, wait);
            return there;
        }
        Set<Object> both = new HashSet<>();
        both.add(there);
        both.add(wait);
        return both;
    }

    @SuppressWarnings("unchecked")
    private static void addTo(Object set, Object wait) {
        ((Set<Object>) set).add(wait);
    }

    @CheckForNull
    private static Object without(Object there, Wait wait) {
        if (there instanceof Set<?> set) {
            set.remove(wait);
            return set.isEmpty() ? null : set;
        }
        return there == wait ? null : there;
    }

    private static void addAll(Set<Wait> found, @CheckForNull Object there) {
        if (there instanceof Set<?> set) {
            set.forEach(w -> found.add((Wait) w));
        } else if (there != null) {
            found.add((Wait) there);
        }
    }

    /** Queues a wait for evaluation. */
    void recheck(Wait wait) {
        enqueue(Set.of(wait));
    }

    /** Queues the waits that listen to any of these topics. */
    void recheck(Set<StatusTopic> keys) {
        Set<Wait> found = new LinkedHashSet<>();
        synchronized (this) {
            keys.forEach(key -> addAll(found, byKey.get(key)));
        }
        enqueue(found);
    }

    /** Queues the waits whose folders are below a chart whose default values are among the topics of changed files. */
    void recheckBelowCharts(Set<StatusTopic> changed) {
        List<StatusTopic> values =
                changed.stream().filter(StatusTopic::isOfChartValues).toList();
        if (values.isEmpty()) {
            return;
        }
        Set<Wait> found = new LinkedHashSet<>();
        synchronized (this) {
            byKey.forEach((key, waits) -> {
                if (values.stream().anyMatch(key::isBelowChartOf)) {
                    addAll(found, waits);
                }
            });
        }
        enqueue(found);
    }

    /** Queues the waits that need a fetch. */
    void recheckAwaitingFetch() {
        Set<Wait> found;
        synchronized (this) {
            found = Set.copyOf(awaitingFetch);
        }
        enqueue(found);
    }

    /** Queues all waits. */
    void recheckAll() {
        Set<Wait> found = new LinkedHashSet<>();
        synchronized (this) {
            byKey.values().forEach(there -> addAll(found, there));
        }
        enqueue(found);
    }

    /** Records whether a wait needs a fetch; call this before requesting the fetch. */
    synchronized void awaitingFetch(Wait wait, boolean isBlind) {
        if (isBlind) {
            awaitingFetch.add(wait);
        } else {
            awaitingFetch.remove(wait);
        }
    }

    synchronized boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** Sets the processed tip unless there is one: all waits evaluated so far have seen this tip or a later one. */
    synchronized void initTip(String first) {
        if (tip == null) {
            tip = first;
        }
    }

    /**
     * Marks a tip as processed.
     *
     * @return the previous tip; null when there was none
     */
    @CheckForNull
    synchronized String advanceTip(String next) {
        String before = tip;
        tip = next;
        return before;
    }

    private void enqueue(Collection<Wait> waits) {
        boolean start;
        synchronized (this) {
            queue.addAll(waits);
            start = !working && !queue.isEmpty();
            working |= start;
        }
        if (start) {
            pool.execute(this::work);
        }
    }

    private void work() {
        List<Wait> turn = new ArrayList<>(TURN);
        synchronized (this) {
            Iterator<Wait> first = queue.iterator();
            while (first.hasNext() && turn.size() < TURN) {
                turn.add(first.next());
                first.remove();
            }
            if (turn.isEmpty()) {
                working = false;
                return;
            }
        }
        turn.forEach(this::evaluateSafely);
        // Resubmit, so that other tasks of the pool get their turn first.
        pool.execute(this::work);
    }

    /** A wait that fails must not prevent the evaluation of the others. */
    private void evaluateSafely(Wait wait) {
        try {
            evaluate.accept(wait);
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "failed to evaluate " + wait.id);
        }
    }
}
