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
 * The waits of one repository, found by what they listen to, and a queue of those that are to be looked at, one after the
 * other. However many there are, one thread looks at them, and each turn is short.
 */
final class RepositoryWaits {
    private static final Logger LOGGER = Logger.getLogger(RepositoryWaits.class.getName());
    private static final int TURN = 32;

    /** Its name. */
    final String repository;
    /** What its commits said to the waits that asked before. */
    final CommitCache memory = new CommitCache();

    private final Executor pool;
    private final Consumer<Wait> evaluate;
    /** One for most keys, as it is; else a set. */
    private final Map<StatusTopic, Object> byKey = new HashMap<>();
    /** Those that a fetch alone may bring on. */
    private final Set<Wait> awaitingFetch = new HashSet<>();

    private final Set<Wait> queue = new LinkedHashSet<>();
    private boolean working;
    /** The tip up to which changes of the branch were told. */
    private String tip;

    /** @param evaluate looks at one wait */
    RepositoryWaits(String repository, Executor pool, Consumer<Wait> evaluate) {
        this.repository = repository;
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

    /** Has one looked at. */
    void recheck(Wait wait) {
        enqueue(Set.of(wait));
    }

    /** Has those looked at that listen to one of these. */
    void recheck(Set<StatusTopic> keys) {
        Set<Wait> found = new LinkedHashSet<>();
        synchronized (this) {
            keys.forEach(key -> addAll(found, byKey.get(key)));
        }
        enqueue(found);
    }

    /** Has those looked at that only a fetch may bring on. */
    void recheckAwaitingFetch() {
        Set<Wait> found;
        synchronized (this) {
            found = Set.copyOf(awaitingFetch);
        }
        enqueue(found);
    }

    /** Has all looked at. */
    void recheckAll() {
        Set<Wait> found = new LinkedHashSet<>();
        synchronized (this) {
            byKey.values().forEach(there -> addAll(found, there));
        }
        enqueue(found);
    }

    /** Notes whether a wait is one that a fetch may bring on; to be called before that fetch is asked for. */
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

    /** Takes a tip as known when none is: those who looked so far have seen it, or a later one. */
    synchronized void initTip(String first) {
        if (tip == null) {
            tip = first;
        }
    }

    /**
     * Takes a tip as told.
     *
     * @return the one before; null when none was
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
        // Behind what others want of the pool meanwhile.
        pool.execute(this::work);
    }

    /** One that cannot be looked at does not keep the others from it. */
    private void evaluateSafely(Wait wait) {
        try {
            evaluate.accept(wait);
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "failed to evaluate " + wait.id);
        }
    }
}
