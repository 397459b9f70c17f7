package io.jenkins.plugins.gitops.status;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.DesiredState;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.AwaitDecision;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.StatusKey;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All that wait for a change to become live. Nothing here has a thread of its own or polls: waits are looked at when an
 * agent reports or Git moved, see {@link Freshness}, and by the {@link Reconciler}, which also notices who fell silent.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class Waits {
    private static final Logger LOGGER = Logger.getLogger(Waits.class.getName());

    private final Map<String, Wait> waits = new ConcurrentHashMap<>();
    private final Map<String, Group> groups = new ConcurrentHashMap<>();

    public static Waits get() {
        return ExtensionList.lookupSingleton(Waits.class);
    }

    /** One wait; its own lock keeps its verdicts in order. */
    private static final class Wait {
        private final String id;
        private final Group group;
        private final Expectation expectation;
        private final Consumer<Verdict> listener;
        private Seen seen;
        private Verdict last;

        Wait(String id, Group group, Expectation expectation, Consumer<Verdict> listener) {
            this.id = id;
            this.group = group;
            this.expectation = expectation;
            this.listener = listener;
        }
    }

    /**
     * All that a verdict depends on. A heartbeat that brings nothing new makes the same, and then Git need not be asked:
     * with thousands of waits that is what a report costs.
     */
    private record Seen(String tip, List<Snapshot> snapshots) {
        static Seen of(String tip, List<Snapshot> snapshots) {
            return new Seen(tip, snapshots.stream().map(Snapshot::timeless).toList());
        }
    }

    /** The waits of one repository. Stays when empty: there are only as many as configured repositories. */
    private static final class Group {
        private final String repository;
        private final Map<String, Wait> members = new ConcurrentHashMap<>();
        private final AtomicInteger requests = new AtomicInteger();

        Group(String repository) {
            this.repository = repository;
        }
    }

    /**
     * Waits for a change, and looks at it once now. The same id again takes the place of the former.
     *
     * @param repositoryName name in the global configuration
     * @param listener called on the pool with each verdict, one after the other; the first that is not
     *     {@link Verdict.Waiting} is the last
     */
    public void register(String id, String repositoryName, Expectation expectation, Consumer<Verdict> listener) {
        Group group = groups.computeIfAbsent(repositoryName, Group::new);
        Wait wait = new Wait(id, group, expectation, listener);
        waits.put(id, wait);
        group.members.put(id, wait);
        onPool(() -> look(wait));
    }

    /** Forgets a wait; nothing happens when it is not known. */
    public void unregister(String id) {
        Wait wait = waits.remove(id);
        if (wait != null) {
            wait.group.members.remove(id, wait);
        }
    }

    /** Looks again at all waits of a repository, soon and elsewhere. Cheap when nobody waits; may be called at any rate. */
    public void wake(String repositoryName) {
        Group group = groups.get(repositoryName);
        if (group != null && !group.members.isEmpty() && group.requests.getAndIncrement() == 0) {
            onPool(() -> sweep(group));
        }
    }

    /** Looks again at the waits of a repository that listen to one of these, soon and elsewhere. */
    public void wake(String repositoryName, Set<StatusKey> keys) {
        wake(repositoryName);
    }

    /** Looks again at all waits. */
    public void wakeAll() {
        groups.keySet().forEach(this::wake);
    }

    /** How many waits there are. */
    public int size() {
        return waits.size();
    }

    /** Whatever comes in during a sweep makes one more, not one each. */
    private void sweep(Group group) {
        int seen;
        do {
            seen = group.requests.get();
            group.members.values().forEach(this::look);
        } while (!group.requests.compareAndSet(seen, 0));
    }

    private void look(Wait wait) {
        synchronized (wait) {
            if (waits.get(wait.id) != wait) {
                return;
            }
            Verdict verdict = decide(wait);
            if (!(verdict instanceof Verdict.Waiting)) {
                unregister(wait.id);
            }
            try {
                wait.listener.accept(verdict);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "cannot tell " + wait.id);
            }
        }
    }

    private Verdict decide(Wait wait) {
        Expectation expectation = wait.expectation;
        try {
            RepositoryConfiguration configuration = GitopsConfiguration.get().repository(wait.group.repository);
            ConfigRepository clone = Repositories.get().open(configuration);
            Optional<String> tip = clone.tip();
            if (tip.isEmpty() || !clone.contains(expectation.revision())) {
                // A clone that knows less than the wait can only give wrong answers.
                Freshness.get().fetchSoon(configuration);
                return new Verdict.Waiting(configuration.getName() + " is being fetched");
            }
            Instant now = Instant.now();
            List<Snapshot> snapshots = Sources.snapshots(configuration, expectation.target(), now);
            Seen seen = Seen.of(tip.get(), snapshots);
            if (!seen.equals(wait.seen)) {
                wait.last = AwaitDecision.decide(expectation, snapshots, new DesiredState(clone, expectation), now);
                wait.seen = seen;
            }
            return wait.last;
        } catch (RefusedException e) {
            return new Verdict.Waiting(e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot decide about " + wait.id);
            return new Verdict.Waiting("the local clone of " + wait.group.repository + " cannot be read");
        }
    }

    private static void onPool(Runnable work) {
        try {
            Repositories.get().pool().execute(work);
        } catch (RejectedExecutionException e) {
            // Jenkins stops; those who wait register again when they are resumed.
            LOGGER.log(Level.FINE, "not looked at any more", e);
        }
    }
}
