package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.GitFailure;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Fetches the config repositories: at most one fetch per repository runs at a time, and a repository that cannot be read
 * is tried less and less often. Notifies every {@link RepositoryListener} when a tip may have moved.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class Freshness {
    private static final Logger LOGGER = Logger.getLogger(Freshness.class.getName());

    private final Map<RepositoryConfiguration, Feed> feeds = new ConcurrentHashMap<>();

    public static Freshness get() {
        return ExtensionList.lookupSingleton(Freshness.class);
    }

    private Feed feed(RepositoryConfiguration repository) {
        return feeds.computeIfAbsent(repository, r -> new Feed());
    }

    /** Notifies all listeners that the known tip has moved, or may have. Returns at once. */
    public void moved(RepositoryConfiguration repository) {
        DesiredTargets.get().refreshSoon(repository);
        ExtensionList.lookup(RepositoryListener.class).forEach(l -> l.moved(repository));
    }

    /**
     * Fetches soon, once for all that ask meanwhile, and tells everybody. Not more often than once a second, nor before a
     * repository that could not be read is to be tried again. Returns at once.
     */
    public void fetchSoon(RepositoryConfiguration repository) {
        ask(repository, false);
    }

    /**
     * Fetches for somebody who waits: once for all that ask meanwhile, who share a failure too. After a failure the next
     * try comes after a pause of up to 15 seconds. No thread is held.
     *
     * @return the remote's tip at some time after this call, 40 hex digits; completes on
     *     {@link BackgroundPools#callbacks()}; fails with {@link RefusedException} when the remote cannot be read
     */
    public CompletableFuture<String> fetchNow(RepositoryConfiguration repository) {
        // Each caller gets a future of its own: what one does with it does not concern the others.
        return ask(repository, true)
                .whenCompleteAsync((tip, problem) -> {}, BackgroundPools.get().callbacks());
    }

    private CompletableFuture<String> ask(RepositoryConfiguration repository, boolean waits) {
        Feed feed = feed(repository);
        Feed.Request request = feed.ask(waits);
        if (request.start()) {
            start(repository, feed);
        }
        return request.fetch();
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
        Runnable fetch = () -> execute(
                BackgroundPools.get().network(repository), () -> Freshness.get().fetch(repository, feed));
        if (left <= 0) {
            fetch.run();
        } else {
            Timer.get().schedule(fetch, left, TimeUnit.NANOSECONDS);
        }
    }

    /** Whether a fetch failed and it is too early for another that nobody waits for. */
    boolean isBackingOff(RepositoryConfiguration repository) {
        return feed(repository).isBackingOff();
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

    /** On the repository's slot for the network. */
    private void fetch(RepositoryConfiguration repository, Feed feed) {
        CompletableFuture<String> fetch = feed.begin();
        if (fetch == null) {
            return;
        }
        try {
            ConfigRepository clone = Repositories.get().open(repository);
            String tip = clone.fetch();
            feed.missing.takeByName().forEach(revision -> fetchByName(clone, revision));
            if (feed.succeeded()) {
                LOGGER.info(() -> repository.getName() + " can be read again");
            }
            end(repository, feed);
            fetch.complete(tip);
        } catch (RefusedException e) {
            Duration asked =
                    e instanceof GitFailure failure ? failure.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
            if (feed.failed(e.getMessage(), asked)) {
                LOGGER.warning(() -> "cannot fetch " + repository.getName() + ": " + e.getMessage());
            }
            end(repository, feed);
            fetch.completeExceptionally(e);
        } catch (Throwable e) {
            // Whatever one repository does to its fetch, those who wait are told, and the next fetch is possible.
            if (feed.failed(
                    "cannot be fetched because of an unexpected error. See the log of Jenkins.", Duration.ZERO)) {
                LOGGER.log(Level.WARNING, e, () -> "cannot fetch " + repository.getName());
            }
            end(repository, feed);
            fetch.completeExceptionally(e);
        }
    }

    /** What no branch leads to, or the host does not give away, stays unknown: whoever needs it says so. */
    private static void fetchByName(ConfigRepository clone, String revision) {
        if (clone.contains(revision)) {
            return;
        }
        try {
            clone.fetchCommit(revision);
        } catch (GitFailure e) {
            LOGGER.log(Level.FINE, e, () -> "cannot fetch " + revision);
        }
    }

    private void end(RepositoryConfiguration repository, Feed feed) {
        boolean again = feed.end();
        moved(repository);
        if (again) {
            start(repository, feed);
        }
    }

    private static void execute(Executor pool, Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins stops", e);
        }
    }
}
