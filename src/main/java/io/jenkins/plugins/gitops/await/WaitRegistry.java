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
 * All waits for a change to become live. Uses no thread of its own and does not poll: a wait is evaluated when an agent
 * reports about its target, when its branch moves, when a fetch has brought a missing commit, and when its timer
 * expires.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class WaitRegistry {
    private static final Logger LOGGER = Logger.getLogger(WaitRegistry.class.getName());
    /** If more files than this changed, all waits of the repository are evaluated. */
    private static final int MAX_FILES = 5_000;

    private final ConcurrentSkipListMap<String, Wait> waits = new ConcurrentSkipListMap<>();
    /** Empty entries stay: there are only as many as configured repositories and branches of environments. */
    private final Map<BranchKey, RepositoryWaits> groups = new ConcurrentHashMap<>();

    /**
     * Identifies a branch.
     *
     * @param repository name of the repository
     * @param branch null for the configured branch
     */
    private record BranchKey(
            String repository, @CheckForNull String branch) {}

    private final WaitTimer timer = new WaitTimer(due -> due.forEach(w -> w.group.recheck(w)));

    public static WaitRegistry get() {
        return ExtensionList.lookupSingleton(WaitRegistry.class);
    }

    private RepositoryWaits group(String repository, @CheckForNull String branch) {
        return groups.computeIfAbsent(
                new BranchKey(repository, branch),
                key -> new RepositoryWaits(repository, branch, work -> onPool(repository, work), this::evaluate));
    }

    private List<RepositoryWaits> groups(String repository) {
        return groups.values().stream()
                .filter(group -> group.repository.equals(repository))
                .toList();
    }

    /**
     * Registers a wait and evaluates it soon. Replaces a wait with the same id.
     *
     * @param id starts with the external id of the run and a slash
     * @param repositoryName name in the global configuration
     * @param listener called in the background with each verdict, one at a time; the first that is not
     *     {@link Verdict.Waiting} is the last
     */
    public void register(String id, String repositoryName, Expectation expectation, Consumer<Verdict> listener) {
        RepositoryWaits group = group(repositoryName, expectation.target().environmentBranch());
        Wait wait = new Wait(id, group, expectation, listener);
        // Subscribe before the first evaluation, so that no event is missed in between.
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
            // The evaluation of the wait runs into the same error and reports it.
            return Optional.empty();
        }
    }

    /** Forgets a wait; does nothing if it is not registered. */
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

    /** Forgets the waits whose id has this prefix and matches; does not iterate over the others. */
    void unregisterAll(String prefix, Predicate<String> fits) {
        for (String id :
                List.copyOf(waits.subMap(prefix, prefix + Character.MAX_VALUE).keySet())) {
            if (fits.test(id)) {
                unregister(id);
            }
        }
    }

    /** Schedules the evaluation of all waits of a repository, on another thread. */
    public void recheck(String repositoryName) {
        groups(repositoryName).forEach(RepositoryWaits::recheckAll);
    }

    /** Schedules the evaluation of the waits of a repository that listen to any of these topics, on another thread. */
    public void recheck(String repositoryName, Set<StatusTopic> keys) {
        groups(repositoryName).forEach(group -> group.recheck(keys));
    }

    /** Schedules the evaluation of all waits, on another thread. */
    public void recheckAll() {
        groups.values().forEach(RepositoryWaits::recheckAll);
    }

    /**
     * Schedules the evaluation of waits that are affected by the commits since the last call, or by what was fetched
     * meanwhile. Reads the clone, so call it on the thread that evaluates the repository's waits.
     */
    void branchMoved(RepositoryConfiguration repository) {
        RepositoryWaits group = groups.get(
                new BranchKey(repository.getName(), repository.isOfEnvironment() ? repository.getBranch() : null));
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
                group.recheckBelowCharts(keys);
                group.recheckAwaitingFetch();
            }
        } catch (UserErrorException | IOException | RuntimeException | Error e) {
            LOGGER.log(Level.FINE, e, () -> "failed to determine what changed in " + repository);
            group.recheckAll();
        }
    }

    /** The changed topics; null when there are too many, and when the branch was not fast-forwarded. */
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

    /** Number of registered waits. */
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

    /** Logs a stack trace only once per wait and kind of failure, since a failing wait is evaluated again and again. */
    private static void logOnce(Wait wait, Throwable problem, String what) {
        Level level = wait.isNewProblem(problem) ? Level.WARNING : Level.FINE;
        LOGGER.log(level, what, problem);
    }

    private Verdict decide(Wait wait) {
        try {
            return decide(wait, wait.configuration());
        } catch (UserErrorException e) {
            return new Verdict.Waiting(e.getMessage());
        } catch (IOException | RuntimeException | Error e) {
            // An unreadable repository or report must not affect other waits; this one ends by its timeout.
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
            // A clone without the commits that the wait needs can only give wrong answers.
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

    /**
     * Requests a fetch of the missing revisions.
     *
     * @return when to evaluate again even if no event arrives; null when nothing is missing
     */
    @CheckForNull
    private static Instant fetch(Wait wait, RepositoryConfiguration repository, Set<String> missing) {
        // Record it first: the requested fetch may complete before this returns.
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

    /**
     * Evaluates all waits when the configuration is saved, so that a corrected name, URL or secret takes effect at
     * once.
     */
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
            // Jenkins is shutting down; the steps register their waits again when they resume.
            LOGGER.log(Level.FINE, "not evaluated again", e);
        }
    }
}
