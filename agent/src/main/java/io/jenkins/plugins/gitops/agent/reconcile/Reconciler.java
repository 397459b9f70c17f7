package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifestReader;
import io.jenkins.plugins.gitops.agent.cluster.Cluster;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Follows the branch and keeps its applications in sync: fetches, finds the applications, and reconciles those that may
 * have changed, because of a change in Git or in the cluster, a due retry, or the reconciliation interval.
 */
public final class Reconciler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Reconciler.class.getName());
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Settings settings;
    private final GitSource git;
    private final Renderer renderer;
    private final Cluster cluster;
    private final IdentityGuard identity;
    private final Consumer<String> log;
    private final Runnable changed;
    private final Clock clock = Clock.systemUTC();
    private final StatusWriter writer;
    private final WorkQueue queue = new WorkQueue();
    private final Map<String, ApplicationReconciler> applications = new ConcurrentSkipListMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ScheduledExecutorService timer;
    private final AtomicBoolean started = new AtomicBoolean();
    private final PruneLedger ledger = new PruneLedger(System::nanoTime);
    private final FetchSignal signal = new FetchSignal();
    private final ProjectWarnings projects = new ProjectWarnings();
    private final StuckWorkDetector stuckWorkDetector = new StuckWorkDetector();
    private final RenderThreads renderThreads = new RenderThreads(stuckWorkDetector, queue::add);
    private volatile RevisionTree revisionTree;
    private String branch = ""; // of that tree; manifests may name it, so they are read again when it was renamed
    private volatile String gitProblem;
    private volatile long failingSince;

    /**
     * The settings of a reconciler.
     *
     * @param name the agent's, for the names of its threads
     * @param repository URL for the report
     * @param repositories URLs of the repository in manifests
     * @param folder the folder of the Application manifests
     * @param destinations servers and cluster names that refer to this cluster
     * @param ignoreProjects whether applications are deployed although an AppProject, which is not enforced, restricts
     *     them
     * @param fetchEvery the time between two fetches
     * @param passEvery the time between two reconciliations of an application without changes
     * @param gitGrace how long Git may fail before the statuses of applications report it
     */
    public record Settings(
            String name,
            String repository,
            Set<String> repositories,
            String folder,
            Set<String> destinations,
            boolean ignoreProjects,
            Duration fetchEvery,
            Duration passEvery,
            Duration gitGrace) {}

    /**
     * @param log receives one line for each event of interest to users
     * @param changed called when a status has changed
     */
    public Reconciler(
            Settings settings,
            GitSource git,
            Renderer renderer,
            Cluster cluster,
            IdentityGuard identity,
            Consumer<String> log,
            Runnable changed) {
        this.settings = settings;
        this.git = git;
        this.renderer = renderer;
        this.cluster = cluster;
        this.identity = identity;
        this.log = log;
        this.changed = changed;
        this.writer = new StatusWriter(settings.repository(), git::branch);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> thread(task, "timer"));
    }

    private Thread thread(Runnable task, String what) {
        Thread thread = new Thread(task, "gitops-" + what + "-" + settings.name());
        thread.setDaemon(true);
        return thread;
    }

    /** Starts to follow the branch; returns immediately. */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("already started");
        }
        threads.add(thread(this::pollGit, "git"));
        for (int i = 1; i <= WorkQueue.WORKERS; i++) {
            threads.add(thread(this::work, "worker-" + i));
        }
        renderThreads.start(task -> thread(task, "render"));
        threads.forEach(Thread::start);
        long every = settings.passEvery().toMillis();
        timer.scheduleWithFixedDelay(
                () -> applications.keySet().forEach(queue::add), every, every, TimeUnit.MILLISECONDS);
    }

    /**
     * Fetches once and reconciles each application once, on the caller's thread.
     *
     * @throws UserErrorException if Git or the folder of applications cannot be read
     */
    public List<ApplicationStatus> reconcileOnce() throws UserErrorException {
        cluster.findTracked();
        fetchOnce();
        List<ApplicationReconciler> undecided = applications.values().stream()
                .filter(application -> application.reconcile(null).equals(ApplicationReconciler.UNDECIDED))
                .toList();
        undecided.forEach(application -> application.reconcile(null));
        return statuses();
    }

    /** The current statuses, by name. */
    public List<ApplicationStatus> statuses() {
        List<ApplicationStatus> all = new ArrayList<>();
        applications.values().forEach(application -> {
            ApplicationStatus status = application.status();
            if (status != null) {
                all.add(status);
            }
        });
        return all;
    }

    /** Whether Git has been read and every application has been reconciled. */
    public boolean isReady() {
        return revisionTree != null && applications.values().stream().allMatch(a -> a.status() != null);
    }

    /** A problem that only a restart may solve; null if there is none. */
    @CheckForNull
    public String stuck() {
        if (!started.get()) {
            return "not running";
        }
        return threads.stream()
                .filter(thread -> !thread.isAlive())
                .map(thread -> "thread " + thread.getName() + " has ended")
                .findFirst()
                .or(() -> stuckWorkDetector.stuck(System.nanoTime()))
                .orElse(null);
    }

    /** Fetches the branch now. */
    public void fetchNow() {
        signal.raise();
    }

    /** Handles a hint that the branch is at a revision, which is fetched immediately unless it is known. */
    public void revisionHint(String revision) {
        RevisionTree known = revisionTree;
        if (known == null || !known.revision().equals(revision)) {
            signal.raise();
        }
    }

    /**
     * Requests a sync of an application on behalf of a person; unknown names are ignored. Repeated requests result in
     * one sync.
     *
     * @param known the last operation that the requester knows of; if another one has started since, the request is
     *     fulfilled
     * @param prune the revision, 40 hex digits, whose deletions are requested too, whatever they are; null for none
     */
    public void requestSync(String name, @CheckForNull Report.OperationState known, @CheckForNull String prune) {
        ApplicationReconciler application = applications.get(name);
        if (application != null && application.request(known, prune)) {
            queue.add(name);
        }
    }

    /** Queues an application after one of its objects has changed in the cluster. */
    public void clusterChanged(String name) {
        if (applications.containsKey(name)) {
            queue.add(name);
        }
    }

    private void pollGit() {
        try {
            cluster.startFindingTracked();
            while (started.get()) {
                stuckWorkDetector.begin("reading Git", System.nanoTime());
                try {
                    fetchOnce();
                    if (identity.clusterChanged()) {
                        applications.keySet().forEach(queue::add);
                    }
                } catch (UserErrorException e) {
                    failed(e.getMessage());
                } catch (RuntimeException e) {
                    UnexpectedFailure failure = UnexpectedFailure.of(e, null);
                    LOGGER.log(Level.WARNING, "Following Git failed", failure);
                    failed("Git could not be followed: " + failure.summary());
                } finally {
                    stuckWorkDetector.end("reading Git");
                }
                signal.await(settings.fetchEvery());
            }
        } catch (InterruptedException e) {
            LOGGER.log(Level.FINE, "Following Git ends");
        }
    }

    private void failed(String problem) {
        long now = System.nanoTime();
        if (failingSince == 0) {
            failingSince = now;
            LOGGER.log(Level.WARNING, "{0}: {1}", new Object[] {settings.name(), problem});
        }
        boolean told = gitProblem != null;
        if (now - failingSince >= settings.gitGrace().toNanos()) {
            gitProblem = problem;
            if (!told) {
                log.accept(problem);
                applications.keySet().forEach(queue::add);
            }
        }
    }

    private void fetchOnce() throws UserErrorException {
        String revision = git.fetch();
        boolean recovered = gitProblem != null;
        gitProblem = null;
        failingSince = 0;
        if (identity.repositoryChanged(revision)) {
            log.accept(identity.problem() == null ? "the branch is the expected one again" : identity.problem());
            applications.keySet().forEach(queue::add);
        }
        if (identity.problem() != null && revisionTree != null) {
            return; // Without a known revision, the applications are read so that they are at least reported.
        }
        if (revisionTree == null
                || !revisionTree.revision().equals(revision)
                || !git.branch().equals(branch)) {
            try {
                RevisionTree newer = new RevisionTree(
                        revision, git.files(revision), revisionTree == null ? 1 : revisionTree.sequence() + 1);
                read(newer);
                revisionTree = newer;
            } catch (IOException e) {
                throw new UserErrorException("The clone cannot be read: " + e.getMessage(), "Delete the agent's cache");
            }
            applications.keySet().forEach(queue::add);
        } else if (recovered) {
            applications.keySet().forEach(queue::add);
        }
    }

    private void read(RevisionTree newer) throws IOException {
        List<ApplicationManifest> sources = reader(newer.files()).read();
        ledger.expect(
                newer.revision(),
                sources.stream().map(ApplicationManifest::name).collect(Collectors.toSet()));
        if (sources.isEmpty() && (revisionTree == null || !applications.isEmpty())) {
            log.accept(settings.folder() + " has no Application at " + newer.revision());
        }
        projects.news(sources).forEach(log);
        cluster.inventory()
                .expect(sources.stream().map(ApplicationManifest::name).collect(Collectors.toSet()));
        if (!git.branch().equals(branch)) {
            branch = git.branch();
            log.accept("agent " + settings.name() + " follows " + settings.repository() + " at " + branch + ", "
                    + sources.size() + " applications in " + settings.folder());
        }
        Set<String> gone = new HashSet<>(applications.keySet());
        for (ApplicationManifest source : sources) {
            gone.remove(source.name());
            ApplicationReconciler known = applications.get(source.name());
            if (known == null) {
                applications.put(source.name(), reconciler(source, newer));
            } else {
                known.update(source, newer);
            }
        }
        for (String name : gone) {
            applications.remove(name);
            log.accept(name + ": no longer in Git; its resources are left as they are");
            changed.run();
        }
    }

    private ApplicationManifestReader reader(FileTree files) {
        return new ApplicationManifestReader(
                files,
                settings.folder(),
                settings.repositories(),
                git.branch(),
                settings.destinations(),
                settings.ignoreProjects());
    }

    private ApplicationReconciler reconciler(ApplicationManifest source, RevisionTree newer) {
        PruneConfirmation confirmations = new PruneConfirmation(
                git, renderer, (files, file) -> reader(files).read(file), renderThreads, clock);
        PrunePlanner prunes = new PrunePlanner(ledger, confirmations);
        StatusLog lines = new StatusLog();
        return new ApplicationReconciler(
                source,
                newer,
                cluster,
                identity,
                new CachedRendering(renderer, renderThreads, clock),
                prunes,
                writer,
                status -> {
                    lines.publish(status, clock.instant(), log);
                    changed.run();
                },
                clock);
    }

    private void work() {
        try {
            for (String name = queue.take(); name != null; name = queue.take()) {
                String work = "the pass over application " + name;
                stuckWorkDetector.begin(work, System.nanoTime());
                try {
                    reconcile(name);
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, "A pass over " + name + " failed", UnexpectedFailure.of(e, null));
                } finally {
                    stuckWorkDetector.end(work);
                    queue.done(name);
                }
            }
        } catch (InterruptedException e) {
            LOGGER.log(Level.FINE, "A worker ends");
        }
    }

    private void reconcile(String name) {
        ApplicationReconciler application = applications.get(name);
        if (application == null) {
            return;
        }
        Duration next = application.reconcile(gitProblem);
        if (!next.isZero()) {
            later(name, next);
        }
    }

    private void later(String name, Duration delay) {
        try {
            timer.schedule(() -> queue.add(name), delay.toMillis() + 1, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "{0} is not reconciled again: the agent stops", name);
        }
    }

    /** Waits a limited time for running reconciliations, and starts no more. */
    @Override
    public void close() {
        started.set(false);
        queue.close();
        timer.shutdownNow();
        renderThreads.close();
        signal.raise();
        long end = System.nanoTime() + STOP_TIMEOUT.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
