package io.jenkins.plugins.gitops.reconcile;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import io.jenkins.plugins.gitops.repository.TargetStates;
import io.jenkins.plugins.gitops.status.report.ReportingAgents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Once a minute, fetches what others pushed and refreshes what the dashboard shows. So nothing depends on one event: a
 * lost push event delays things by a minute, and every few minutes each wait is evaluated in any case.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class PeriodicReconciler extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(PeriodicReconciler.class.getName());
    private static final long FETCH_TIMEOUT_SECONDS = 90;
    /**
     * Waits are evaluated when an event concerns them; all are evaluated only every few passes, in case an event was
     * lost.
     */
    private static final int PASSES_BETWEEN_LOOKS = 5;

    private final Map<RepositoryConfiguration, Future<?>> running = new ConcurrentHashMap<>();
    private int passes;

    public PeriodicReconciler() {
        super("GitOps reconciler");
    }

    @Override
    public long getRecurrencePeriod() {
        return MIN;
    }

    @Override
    public long getInitialDelay() {
        return TimeUnit.SECONDS.toMillis(5);
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) throws InterruptedException {
        Set<RepositoryConfiguration> repositories =
                RepositoryBranches.all(GitopsConfiguration.get().getRepositories());
        running.keySet().retainAll(repositories);
        TargetStates.get().retain(repositories);
        DriftMonitor.get().retain(repositories);
        RepositoryFetcher.get().retain(repositories);
        ReportingAgents.get().forgetUnconfigured();
        List<Future<?>> all = new ArrayList<>();
        for (RepositoryConfiguration repository : repositories) {
            // A repository that hangs does not block the others, and is not started again before it has completed.
            all.add(running.compute(
                    repository, (same, last) -> last != null && !last.isDone() ? last : reconcile(repository)));
        }
        await(all);
        if (++passes % PASSES_BETWEEN_LOOKS == 0) {
            WaitRegistry.get().recheckAll();
        }
    }

    private static void await(List<Future<?>> all) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FETCH_TIMEOUT_SECONDS);
        for (Future<?> one : all) {
            try {
                one.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOGGER.log(Level.FINE, "a config repository is slow", e);
            } catch (ExecutionException e) {
                LOGGER.log(Level.WARNING, "failed to reconcile", e.getCause());
            }
        }
    }

    /** Fetches one repository, then checks its targets even if the fetch failed. */
    private static CompletableFuture<Void> reconcile(RepositoryConfiguration repository) {
        CompletableFuture<String> fetch = RepositoryFetcher.get().isBackingOff(repository)
                ? CompletableFuture.completedFuture(null)
                : RepositoryFetcher.get().fetchNow(repository);
        return fetch.handleAsync(
                (tip, problem) -> {
                    update(repository);
                    return null;
                },
                BackgroundPools.get().reading(repository));
    }

    private static void update(RepositoryConfiguration repository) {
        TargetStates.get().refresh(repository, RepositoryFetcher.get().problem(repository));
        TargetStates.get().ofBranch(repository).ifPresent(state -> DriftMonitor.get()
                .scan(repository, state, Instant.now()));
    }
}
