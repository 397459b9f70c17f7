package io.jenkins.plugins.gitops.status;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Once a minute: fetches what others pushed, refreshes what the dashboard shows, and has every wait looked at. So nothing
 * hangs on one message: an event that was lost costs a minute, and an agent that fell silent is noticed at all.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class Reconciler extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(Reconciler.class.getName());
    private static final long PATIENCE_SECONDS = 90;

    private final Map<RepositoryConfiguration, Future<?>> running = new ConcurrentHashMap<>();
    private final Map<RepositoryConfiguration, String> problems = new ConcurrentHashMap<>();

    public Reconciler() {
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
        List<RepositoryConfiguration> repositories = GitopsConfiguration.get().getRepositories();
        running.keySet().retainAll(repositories);
        problems.keySet().retainAll(repositories);
        DesiredTargets.get().retain(repositories);
        Freshness.get().retain(Set.copyOf(repositories));
        List<Future<?>> all = new ArrayList<>();
        for (RepositoryConfiguration repository : repositories) {
            // A repository that hangs neither stops the others nor is piled upon.
            all.add(running.compute(
                    repository,
                    (same, last) -> last != null && !last.isDone()
                            ? last
                            : Repositories.get().pool().submit(() -> reconcile(repository))));
        }
        await(all);
        Waits.get().wakeAll();
    }

    private static void await(List<Future<?>> all) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (Future<?> one : all) {
            try {
                one.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOGGER.log(Level.FINE, "a config repository takes long", e);
            } catch (ExecutionException e) {
                LOGGER.log(Level.WARNING, "cannot reconcile", e.getCause());
            }
        }
    }

    /** Fetches one repository and looks at what it holds. On the pool. */
    private void reconcile(RepositoryConfiguration repository) {
        String name = repository.getName();
        try {
            Repositories.get().open(repository).fetch();
            if (problems.remove(repository) != null) {
                LOGGER.info(() -> name + " can be read again");
            }
        } catch (RefusedException e) {
            // Told once, not every minute.
            if (!e.getMessage().equals(problems.put(repository, e.getMessage()))) {
                LOGGER.warning(() -> "cannot fetch " + name + ": " + e.getMessage());
            }
        }
        DesiredTargets.get().refresh(repository, problems.get(repository));
    }
}
