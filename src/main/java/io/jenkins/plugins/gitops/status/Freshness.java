package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.StatusKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Turns events into fresh knowledge: after a change of our own, or a report, everybody who waits or shows is told; when an
 * agent knows a revision that Jenkins does not, it is fetched first. A repository that cannot be read is tried less and
 * less often.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class Freshness implements StatusListener {
    private static final Logger LOGGER = Logger.getLogger(Freshness.class.getName());

    private final Map<RepositoryConfiguration, Feed> feeds = new ConcurrentHashMap<>();

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
        onPool(() -> Waits.get().moved(repository));
    }

    /**
     * Fetches soon, once for all that ask meanwhile, and tells everybody. Not more often than once a second, nor before a
     * repository that could not be read is to be tried again. Returns at once.
     */
    public void fetchSoon(RepositoryConfiguration repository) {
        Feed feed = feed(repository);
        if (feed.ask()) {
            start(repository, feed);
        }
    }

    /**
     * Fetches soon for the sake of a revision that is not there; one that no fetch brings is asked for less and less often.
     *
     * @return when to ask again
     */
    Instant want(RepositoryConfiguration repository, String revision) {
        MissingRevisions missing = feed(repository).missing;
        Instant now = Instant.now();
        if (missing.isDue(revision, now)) {
            fetchSoon(repository);
        }
        return missing.next(revision, now);
    }

    private static void start(RepositoryConfiguration repository, Feed feed) {
        long left = feed.left();
        Runnable fetch = () -> onPool(() -> Freshness.get().fetch(repository, feed));
        if (left <= 0) {
            fetch.run();
        } else {
            Timer.get().schedule(fetch, left, TimeUnit.NANOSECONDS);
        }
    }

    /** Fetches now, unless it is too early for another try, and tells everybody. On the pool. */
    void fetch(RepositoryConfiguration repository) {
        Feed feed = feed(repository);
        if (!feed.isBackingOff() && feed.ask()) {
            fetch(repository, feed);
        }
    }

    /** Why a repository could not be fetched the last time, one line; null when it could, or was not tried yet. */
    @CheckForNull
    public String problem(RepositoryConfiguration repository) {
        Feed feed = feeds.get(repository);
        return feed == null ? null : feed.problem();
    }

    /** Forgets the repositories that are no longer configured like this. */
    void retain(Set<RepositoryConfiguration> repositories) {
        feeds.keySet().retainAll(repositories);
    }

    private void fetch(RepositoryConfiguration repository, Feed feed) {
        boolean again;
        feed.begin();
        try {
            Repositories.get().open(repository).fetch();
            if (feed.succeeded()) {
                LOGGER.info(() -> repository.getName() + " can be read again");
            }
        } catch (RefusedException e) {
            // Told once, not each time.
            if (feed.failed(e.getMessage())) {
                LOGGER.warning(() -> "cannot fetch " + repository.getName() + ": " + e.getMessage());
            }
        } finally {
            again = feed.end();
        }
        moved(repository);
        if (again) {
            fetchSoon(repository);
        }
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
                    want(repository, revision);
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
