package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
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
 * Fetches the config repositories: at most one fetch per repository runs at a time, and a repository that cannot be
 * read is retried with growing delays. Notifies every {@link RepositoryListener} when a tip may have moved.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RepositoryFetcher {
    private static final Logger LOGGER = Logger.getLogger(RepositoryFetcher.class.getName());

    private final Map<RepositoryConfiguration, FetchState> feeds = new ConcurrentHashMap<>();

    public static RepositoryFetcher get() {
        return ExtensionList.lookupSingleton(RepositoryFetcher.class);
    }

    private FetchState feed(RepositoryConfiguration repository) {
        return feeds.computeIfAbsent(repository, r -> new FetchState());
    }

    /** Notifies all listeners that the known tip has moved or may have moved. Returns at once. */
    public void moved(RepositoryConfiguration repository) {
        TargetStates.get().refreshSoon(repository);
        if (!repository.isOfEnvironment()) {
            RepositoryBranches.others(repository).forEach(this::policyMoved);
        }
        ExtensionList.lookup(RepositoryListener.class).forEach(l -> l.moved(repository));
    }

    /**
     * Requests a fetch, shared with other requests, after which all listeners are notified. Limited to one fetch a
     * second, and delayed further after failures. Returns at once.
     */
    public void fetchSoon(RepositoryConfiguration repository) {
        requestFetch(repository, false);
    }

    /**
     * Requests a fetch for a caller that waits. It is shared with other requests, including its failure. After a
     * failure, the delay is at most 15 seconds unless the host requests more. Blocks no thread.
     *
     * @return the tip of the remote at some time after this call, 40 hex digits; completes on
     *     {@link BackgroundPools#callbacks()}; fails with {@link UserErrorException} when the remote cannot be read
     */
    public CompletableFuture<String> fetchNow(RepositoryConfiguration repository) {
        // Each caller gets its own future, so that completing or cancelling it does not affect the others.
        return requestFetch(repository, true)
                .whenCompleteAsync((tip, problem) -> {}, BackgroundPools.get().callbacks());
    }

    private CompletableFuture<String> requestFetch(RepositoryConfiguration repository, boolean waits) {
        FetchState fetchState = feed(repository);
        FetchState.FetchRequest request = fetchState.request(waits);
        if (request.start()) {
            start(repository, fetchState);
        }
        return request.fetch();
    }

    /**
     * Requests a fetch because a revision is missing; repeated requests for a revision that no fetch brings are delayed
     * more and more.
     *
     * @return when to request it again
     */
    public Instant fetchMissing(RepositoryConfiguration repository, String revision) {
        MissingRevisions missing = feed(repository).missing;
        Instant now = Instant.now();
        if (missing.isDue(revision, now)) {
            fetchSoon(repository);
        }
        return missing.next(revision, now);
    }

    private static void start(RepositoryConfiguration repository, FetchState fetchState) {
        long left = fetchState.delay();
        Runnable fetch = () -> execute(BackgroundPools.get().network(repository), () -> RepositoryFetcher.get()
                .fetch(repository, fetchState));
        if (left <= 0) {
            fetch.run();
        } else {
            Timer.get().schedule(fetch, left, TimeUnit.NANOSECONDS);
        }
    }

    /** Whether a fetch failed and the delay before the next one has not passed. */
    public boolean isBackingOff(RepositoryConfiguration repository) {
        return feed(repository).isBackingOff();
    }

    /** Why the last fetch of a repository failed, one line; null when it succeeded or there was none. */
    @CheckForNull
    public String problem(RepositoryConfiguration repository) {
        FetchState fetchState = feeds.get(repository);
        return fetchState == null ? null : fetchState.problem();
    }

    /** The policy may have changed, or may name the branch for the first time. */
    private void policyMoved(RepositoryConfiguration branch) {
        TargetStates.get().refreshSoon(branch);
        try {
            if (ConfigRepositories.get().open(branch).tip().isEmpty()) {
                fetchSoon(branch);
            }
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to open branch " + branch.getBranch() + " of " + branch);
        }
    }

    /** Forgets repositories whose configuration was removed or changed. */
    public void retain(Set<RepositoryConfiguration> repositories) {
        feeds.keySet().retainAll(repositories);
    }

    /** Runs on the repository's network thread. */
    private void fetch(RepositoryConfiguration repository, FetchState fetchState) {
        CompletableFuture<String> fetch = fetchState.start();
        if (fetch == null) {
            return;
        }
        try {
            ConfigRepository clone = ConfigRepositories.get().open(repository);
            String tip = clone.fetch();
            fetchState.missing.takeByName().forEach(revision -> fetchByName(clone, revision));
            if (fetchState.succeeded()) {
                LOGGER.info(() -> repository.getName() + " can be read again");
            }
            end(repository, fetchState);
            fetch.complete(tip);
        } catch (UserErrorException e) {
            Duration asked = e instanceof GitRemoteException failure
                    ? failure.retryAfter().orElse(Duration.ZERO)
                    : Duration.ZERO;
            if (fetchState.failed(e.getMessage(), asked)) {
                LOGGER.warning(() -> "failed to fetch " + repository.getName() + ": " + e.getMessage());
            }
            end(repository, fetchState);
            fetch.completeExceptionally(e);
        } catch (Throwable e) {
            // Catch everything, so that waiting callers are notified and further fetches are possible.
            if (fetchState.failed(
                    "cannot be fetched because of an unexpected error. See the Jenkins log.", Duration.ZERO)) {
                LOGGER.log(Level.WARNING, e, () -> "failed to fetch " + repository.getName());
            }
            end(repository, fetchState);
            fetch.completeExceptionally(e);
        }
    }

    /** A revision that is not reachable or that the host does not serve stays missing; its users report that. */
    private static void fetchByName(ConfigRepository clone, String revision) {
        if (clone.contains(revision)) {
            return;
        }
        try {
            clone.fetchCommit(revision);
        } catch (GitRemoteException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to fetch " + revision);
        }
    }

    private void end(RepositoryConfiguration repository, FetchState fetchState) {
        boolean again = fetchState.finish();
        moved(repository);
        if (again) {
            start(repository, fetchState);
        }
    }

    private static void execute(Executor pool, Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down", e);
        }
    }
}
