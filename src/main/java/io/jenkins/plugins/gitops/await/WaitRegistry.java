package io.jenkins.plugins.gitops.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.CloneGitFacts;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All that wait for a change to become live. Nothing here has a thread of its own or polls: a wait is looked at when an
 * agent has news of its target, when Git moved it, when a fetch brought what was missing, and when its time has come.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class WaitRegistry {
    private static final Logger LOGGER = Logger.getLogger(WaitRegistry.class.getName());
    /** More changed files than this are not told apart: all of the repository are looked at. */
    private static final int MAX_FILES = 5_000;

    private final ConcurrentSkipListMap<String, Wait> waits = new ConcurrentSkipListMap<>();
    /** By name of the repository. Stays when empty: there are only as many as configured repositories. */
    private final Map<String, RepositoryWaits> groups = new ConcurrentHashMap<>();

    private final WaitTimer timer = new WaitTimer(due -> due.forEach(w -> w.group.recheck(w)));

    public static WaitRegistry get() {
        return ExtensionList.lookupSingleton(WaitRegistry.class);
    }

    private RepositoryWaits group(String repository) {
        return groups.computeIfAbsent(repository, r -> new RepositoryWaits(r, work -> onPool(r, work), this::evaluate));
    }

    /**
     * Waits for a change, and looks at it once soon. The same id again takes the place of the former.
     *
     * @param id begins with the external id of the run and a slash
     * @param repositoryName name in the global configuration
     * @param listener called in the background with each verdict, one after the other; the first that is not
     *     {@link Verdict.Waiting} is the last
     */
    public void register(String id, String repositoryName, Expectation expectation, Consumer<Verdict> listener) {
        RepositoryWaits group = group(repositoryName);
        Wait wait = new Wait(id, group, expectation, listener);
        // It hears news before it is looked at, so that none falls in between.
        group.add(wait);
        Wait former = waits.put(id, wait);
        if (former != null) {
            former.group.remove(former);
        }
        configuration(repositoryName).ifPresent(r -> StatusSources.awaited(id, r, expectation));
        if (waits.get(id) == wait) {
            group.recheck(wait);
        } else {
            StatusSources.released(id);
        }
    }

    private static Optional<RepositoryConfiguration> configuration(String name) {
        try {
            return Optional.of(GitopsConfiguration.get().repository(name));
        } catch (UserErrorException e) {
            // What looks at the wait meets it too, and tells.
            return Optional.empty();
        }
    }

    /** Forgets a wait; nothing happens when it is not known. */
    public void unregister(String id) {
        Wait wait = waits.get(id);
        if (wait != null) {
            remove(wait);
        }
    }

    private void remove(Wait wait) {
        if (waits.remove(wait.id, wait)) {
            StatusSources.released(wait.id);
        }
        wait.group.remove(wait);
        timer.reschedule(wait, null);
    }

    /** Forgets those whose id begins like this and fits; at no cost for the others. */
    void unregisterAll(String prefix, Predicate<String> fits) {
        for (String id :
                List.copyOf(waits.subMap(prefix, prefix + Character.MAX_VALUE).keySet())) {
            if (fits.test(id)) {
                unregister(id);
            }
        }
    }

    /** Looks again at all waits of a repository, soon and elsewhere. */
    public void recheck(String repositoryName) {
        RepositoryWaits group = groups.get(repositoryName);
        if (group != null) {
            group.recheckAll();
        }
    }

    /** Looks again at the waits of a repository that listen to one of these, soon and elsewhere. */
    public void recheck(String repositoryName, Set<StatusTopic> keys) {
        RepositoryWaits group = groups.get(repositoryName);
        if (group != null) {
            group.recheck(keys);
        }
    }

    /** Looks again at all waits. */
    public void recheckAll() {
        groups.values().forEach(RepositoryWaits::recheckAll);
    }

    /**
     * Looks again at those that the branch's way since the last call, and what was fetched meanwhile, may bring on. Reads
     * the clone: call it where the repository's waits are decided.
     */
    void branchMoved(RepositoryConfiguration repository) {
        RepositoryWaits group = groups.get(repository.getName());
        if (group == null || group.isEmpty()) {
            return;
        }
        try {
            ConfigRepository clone = ConfigRepositories.get().open(repository);
            String tip = clone.tip().orElse(null);
            String before = tip == null ? null : group.advanceTip(tip);
            if (tip == null || tip.equals(before)) {
                group.recheckAwaitingFetch();
                return;
            }
            Set<StatusTopic> keys = before == null ? null : changed(clone, before, tip);
            if (keys == null) {
                group.recheckAll();
            } else {
                group.recheck(keys);
                group.recheckAwaitingFetch();
            }
        } catch (UserErrorException | IOException | RuntimeException | Error e) {
            LOGGER.log(Level.FINE, e, () -> "failed to determine what changed in " + repository);
            group.recheckAll();
        }
    }

    /** Null for too many, and for a branch that was not moved forward. */
    @CheckForNull
    private static Set<StatusTopic> changed(ConfigRepository clone, String before, String tip) throws IOException {
        Optional<List<String>> files =
                clone.isAncestor(before, tip) ? clone.changedFiles(before, tip, MAX_FILES) : Optional.empty();
        if (files.isEmpty()) {
            return null;
        }
        Set<StatusTopic> keys = new HashSet<>();
        for (String file : files.get()) {
            keys.add(StatusTopic.ofPath(file));
            int slash = file.lastIndexOf('/');
            while (slash > 0 && keys.add(StatusTopic.ofPath(file.substring(0, slash)))) {
                slash = file.lastIndexOf('/', slash - 1);
            }
        }
        keys.add(StatusTopic.ofPath(""));
        return keys;
    }

    /** How many waits there are. */
    public int size() {
        return waits.size();
    }

    private void evaluate(Wait wait) {
        synchronized (wait) {
            if (waits.get(wait.id) != wait) {
                return;
            }
            Verdict verdict = decide(wait);
            if (verdict instanceof Verdict.Waiting waiting) {
                timer.reschedule(wait, waiting.recheckAt());
            }
            if (waits.get(wait.id) != wait || !(verdict instanceof Verdict.Waiting)) {
                remove(wait);
            }
            try {
                wait.listener.accept(verdict);
            } catch (RuntimeException | Error e) {
                logOnce(wait, e, "failed to notify " + wait.id);
            }
        }
    }

    /** A wait that fails is looked at again and again: its trace is told once, however often. */
    private static void logOnce(Wait wait, Throwable problem, String what) {
        Level level = wait.isNewProblem(problem) ? Level.WARNING : Level.FINE;
        LOGGER.log(level, what, problem);
    }

    private Verdict decide(Wait wait) {
        try {
            return decide(wait, GitopsConfiguration.get().repository(wait.repository()));
        } catch (UserErrorException e) {
            return new Verdict.Waiting(e.getMessage());
        } catch (IOException | RuntimeException | Error e) {
            // Whatever a repository or a report makes of this wait, the others go on, and this one ends by its
            // time-out.
            logOnce(wait, e, "failed to evaluate " + wait.id);
            return new Verdict.Waiting("the local clone of " + wait.repository() + " cannot be read ("
                    + e.getClass().getSimpleName() + "); see the Jenkins log");
        }
    }

    private static Verdict decide(Wait wait, RepositoryConfiguration configuration)
            throws UserErrorException, IOException {
        Expectation expectation = wait.expectation;
        ConfigRepository clone = ConfigRepositories.get().open(configuration);
        String tip = clone.tip().orElse(null);
        if (tip == null || !clone.contains(expectation.revision())) {
            // A clone that knows less than the wait can only give wrong answers.
            String what = configuration.getName() + " is being fetched";
            return new Verdict.Waiting(what, fetch(wait, configuration, Set.of(expectation.revision())));
        }
        wait.group.initTip(tip);
        Instant now = Instant.now();
        List<AgentSnapshot> snapshots = StatusSources.snapshots(configuration, expectation.target(), now);
        CloneGitFacts git = new CloneGitFacts(clone, expectation, wait.group.memory);
        Verdict verdict = wait.confirm(AwaitDecision.decide(expectation, snapshots, git, now), snapshots, now);
        if (verdict instanceof Verdict.Waiting waiting) {
            Instant again = fetch(wait, configuration, unknown(clone, snapshots));
            String why = snapshots.isEmpty()
                    ? ": " + StatusSources.silenceReasons(configuration, expectation.target(), now)
                    : "";
            return waiting.with(why, earlier(waiting.recheckAt(), again));
        }
        return verdict;
    }

    /** Asks for what is missing. @return when to look again whatever comes; null when nothing is missing */
    @CheckForNull
    private static Instant fetch(Wait wait, RepositoryConfiguration repository, Set<String> missing) {
        // Noted first: the fetch that is asked for may be over before this returns.
        wait.group.awaitingFetch(wait, !missing.isEmpty());
        Instant again = null;
        for (String revision : missing) {
            again = earlier(again, RepositoryFetcher.get().fetchMissing(repository, revision));
        }
        return again;
    }

    private static Set<String> unknown(ConfigRepository clone, List<AgentSnapshot> snapshots) {
        Set<String> unknown = new LinkedHashSet<>();
        for (AgentSnapshot snapshot : snapshots) {
            Report.ApplicationStatus status = snapshot.status();
            Report.OperationState operationState = status.operation();
            String[] revisions = {
                status.comparedRevision(),
                status.syncedRevision(),
                operationState == null ? null : operationState.revision()
            };
            for (String revision : revisions) {
                if (revision != null && !clone.contains(revision)) {
                    unknown.add(revision);
                }
            }
        }
        return unknown;
    }

    @CheckForNull
    private static Instant earlier(@CheckForNull Instant one, @CheckForNull Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    /** A name, a URL or a secret that was corrected counts at once. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class WaitRecheckListener extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration) {
                WaitRegistry.get().recheckAll();
            }
        }
    }

    private static void onPool(String repository, Runnable work) {
        try {
            BackgroundPools.get().waits(repository).execute(work);
        } catch (RejectedExecutionException e) {
            // Jenkins stops; those who wait register again when they are resumed.
            LOGGER.log(Level.FINE, "not evaluated again", e);
        }
    }
}
