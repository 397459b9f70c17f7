package io.jenkins.plugins.gitops.status;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.StatusKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Turns events into fresh knowledge: after a change of our own, or a report, everybody who waits or shows is told; when an
 * agent knows a revision that Jenkins does not, it is fetched first.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class Freshness implements StatusListener {
    private static final Logger LOGGER = Logger.getLogger(Freshness.class.getName());
    /** An agent that names revisions nobody knows cannot make Jenkins fetch more often than this. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(1);

    private final Map<RepositoryConfiguration, Feed> feeds = new ConcurrentHashMap<>();

    /** What is under way for one repository. */
    private static final class Feed {
        private final AtomicBoolean looking = new AtomicBoolean();
        private final AtomicBoolean fetching = new AtomicBoolean();
        private volatile long lastFetch = System.nanoTime() - BETWEEN_FETCHES.toNanos();
    }

    public static Freshness get() {
        return ExtensionList.lookupSingleton(Freshness.class);
    }

    private Feed feed(RepositoryConfiguration repository) {
        return feeds.computeIfAbsent(repository, r -> new Feed());
    }

    @Override
    public void changed(String name, Set<StatusKey> keys) {
        Waits.get().wake(name, keys);
        for (RepositoryConfiguration repository : GitopsConfiguration.get().getRepositories()) {
            if (repository.getName().equals(name)) {
                lookSoon(repository);
            }
        }
    }

    /** Tells everybody that the known tip has moved, or may have. Returns at once. */
    public void moved(RepositoryConfiguration repository) {
        DesiredTargets.get().refreshSoon(repository);
        Waits.get().wake(repository.getName());
    }

    /** Fetches soon, once for all that ask meanwhile, and tells everybody. Returns at once. */
    void fetchSoon(RepositoryConfiguration repository) {
        Feed feed = feed(repository);
        if (!feed.fetching.compareAndSet(false, true)) {
            return;
        }
        long wait = BETWEEN_FETCHES.toNanos() - (System.nanoTime() - feed.lastFetch);
        if (wait <= 0) {
            onPool(() -> fetch(repository, feed));
        } else {
            Timer.get().schedule(() -> onPool(() -> fetch(repository, feed)), wait, TimeUnit.NANOSECONDS);
        }
    }

    /** Forgets the repositories that are no longer configured like this. */
    void retain(Set<RepositoryConfiguration> repositories) {
        feeds.keySet().retainAll(repositories);
    }

    private void fetch(RepositoryConfiguration repository, Feed feed) {
        try {
            Repositories.get().open(repository).fetch();
        } catch (RefusedException e) {
            // The reconciler meets it too, and tells.
            LOGGER.log(Level.FINE, e, () -> "cannot fetch " + repository);
        } finally {
            feed.lastFetch = System.nanoTime();
            feed.fetching.set(false);
        }
        moved(repository);
    }

    private void lookSoon(RepositoryConfiguration repository) {
        Feed feed = feed(repository);
        if (feed.looking.compareAndSet(false, true)) {
            onPool(() -> {
                feed.looking.set(false);
                look(repository);
            });
        }
    }

    private void look(RepositoryConfiguration repository) {
        try {
            ConfigRepository clone = Repositories.get().open(repository);
            for (String revision : reportedRevisions(repository)) {
                if (!clone.contains(revision)) {
                    fetchSoon(repository);
                    return;
                }
            }
        } catch (RefusedException e) {
            LOGGER.log(Level.FINE, e, () -> "cannot look into " + repository);
        }
    }

    private static Set<String> reportedRevisions(RepositoryConfiguration repository) {
        Map<String, Boolean> known = new HashMap<>();
        Set<String> revisions = new HashSet<>();
        for (AgentState agent : Sources.agents(Instant.now())) {
            agent.applications().stream()
                    .filter(a -> known.computeIfAbsent(a.repository(), repository::isAt))
                    .map(Report.ApplicationStatus::comparedRevision)
                    .filter(r -> r != null)
                    .forEach(revisions::add);
        }
        return revisions;
    }

    private static void onPool(Runnable work) {
        try {
            Repositories.get().pool().execute(work);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins stops", e);
        }
    }
}
