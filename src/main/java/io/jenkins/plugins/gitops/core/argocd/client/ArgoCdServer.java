package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdErrors;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdRequests;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdResponses;
import io.jenkins.plugins.gitops.core.argocd.PollInterval;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One Argo CD server: listens to the stream of its applications, requests what the stream does not contain, and answers
 * queries immediately from the cached state. {@link #tick} must be called every second. Longer tasks run on the
 * executor.
 */
public final class ArgoCdServer implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(ArgoCdServer.class.getName());
    /** Events before the first one of a stream are lost, and later ones may be; the list finds these changes. */
    private static final Duration AFTER_CONNECT = Duration.ofSeconds(1);

    private static final Duration RESYNC_AWAITED = Duration.ofMinutes(1);
    private static final Duration RESYNC = Duration.ofMinutes(5);

    private final ArgoCdSettings settings;
    private final ArgoCdClient client;
    private final RejectedToken rejectedToken;
    private final ApplicationCache cache;
    private final AwaitedApplications awaited;
    private final ApplicationStream stream;
    private final Consumer<Map<String, Set<StatusTopic>>> listener;
    private final Executor pool;
    private final InstantSource clock;

    private volatile ArgoCdServerHealth health = ArgoCdServerHealth.UNKNOWN;
    private Instant nextList = Instant.EPOCH;
    private boolean listing;
    private int quiet;
    private int errors;
    private boolean stale;
    private boolean changed;
    private volatile boolean closed;

    /**
     * @param http supplies the HTTP client for the next request, created by {@link ArgoCdClient#configured}
     * @param pool runs one task after the other; parses the responses of the server
     * @param listener receives the changed topics, by repository; called without holding a lock
     */
    public ArgoCdServer(
            ArgoCdSettings settings,
            Supplier<HttpClient> http,
            ArgoCdAuthorization authorization,
            Executor pool,
            InstantSource clock,
            Consumer<Map<String, Set<StatusTopic>>> listener) {
        this.settings = settings;
        this.client = new ArgoCdClient(settings.url(), http, authorization);
        this.rejectedToken = new RejectedToken(client);
        this.cache = new ApplicationCache(settings.name());
        this.awaited =
                new AwaitedApplications(settings, client, pool, clock, this::detailsChanged, this::notifyAllWaits);
        this.pool = pool;
        this.clock = clock;
        this.listener = listener;
        this.stream = new ApplicationStream(
                client,
                ArgoCdRequests.stream(settings.projects()),
                pool,
                clock,
                new ApplicationStream.ApplicationListener() {
                    @Override
                    public void received(List<byte[]> lines, boolean first) {
                        streamed(lines, first);
                    }

                    @Override
                    public void ended(@CheckForNull ArgoCdException why) {
                        streamEnded(why);
                    }
                });
    }

    public String name() {
        return settings.name();
    }

    /** The client that sends its requests. */
    public ArgoCdClient client() {
        return client;
    }

    public ArgoCdServerHealth health() {
        return health;
    }

    /** The last known statuses of all its applications. */
    public List<ApplicationStatus> applications() {
        return cache.view().statuses().all();
    }

    /**
     * Its snapshots of a target, or the reason why there are none although it deploys the target.
     *
     * @param repositoryKeys the URLs of the target's repository in the format of {@link
     *     io.jenkins.plugins.gitops.core.model.RepositoryKey#of}
     * @param url the URL that Jenkins uses, for the messages
     */
    public List<AgentSnapshot> snapshots(Set<String> repositoryKeys, String url, Target target, Instant now) {
        return new TargetSnapshots(settings, cache.view(), health, awaited, stream.isLive(now), now)
                .of(repositoryKeys, url, target);
    }

    /**
     * The page of an application in the server's web UI.
     *
     * @param label the application's name in its statuses
     * @return null if there is no such application
     */
    @CheckForNull
    public URI link(String label) {
        ArgoCdApplication state = cache.view().byLabel().get(label);
        return state == null || state.namespace() == null
                ? null
                : URI.create(settings.url() + ArgoCdRequests.page(state.namespace(), state.name()));
    }

    /** Replaces the set of awaited commits. */
    public void awaiting(Collection<AwaitedCommit> all) {
        boolean more = awaited.set(all, cache.view());
        synchronized (this) {
            health = health.withAwaited(!all.isEmpty());
            if (more) {
                quiet = 0;
                Instant now = clock.instant();
                // The stream has already delivered everything, except events that were lost.
                Instant latest = stream.isLive(now) ? now.plus(RESYNC_AWAITED) : Instant.EPOCH;
                nextList = errors == 0 && latest.isBefore(nextList) ? latest : nextList;
            }
        }
    }

    /** Retries at once what was rejected before, because the configuration or its credentials may have changed. */
    public void retryNow() {
        stream.retry();
        synchronized (this) {
            nextList = Instant.EPOCH;
        }
    }

    /**
     * Handles a notification that an application changed. While the stream is live no request is needed; otherwise an
     * awaited application is requested soon.
     *
     * @param key as in {@link ArgoCdApplication#key}
     */
    public void applicationChanged(String key) {
        Instant now = clock.instant();
        if (!stream.isLive(now) && awaited.contains(key)) {
            synchronized (this) {
                Instant soon = now.plusSeconds(1);
                nextList = errors == 0 && soon.isBefore(nextList) ? soon : nextList;
            }
        }
    }

    /** Starts what is due, and returns immediately. */
    public void tick(Instant now) {
        if (closed) {
            return;
        }
        if (stream.tick(now)) {
            awaited.requested(now);
        }
        if (rejectedToken.isReplaced()) {
            retryNow();
        }
        boolean list;
        boolean staleChanged;
        synchronized (this) {
            if (stream.isLive(now)) {
                health = health.withAnswer(now);
            }
            boolean isStale = health.isStale(now);
            staleChanged = isStale != stale;
            stale = isStale;
            list = !listing && !now.isBefore(nextList);
            listing |= list;
        }
        if (list) {
            awaited.requested(now);
            client.list(ArgoCdRequests.list(settings.projects()))
                    .whenCompleteAsync((body, error) -> listed(now, body, error), pool);
        }
        awaited.tick(cache, health.problem() == null && health.answeredAt() != null, now);
        if (staleChanged) {
            notifyAllWaits();
        }
        if (takeChanged() || awaited.isAgeDue(now)) {
            publish(now);
        }
    }

    private synchronized boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    private void streamed(List<byte[]> lines, boolean first) {
        Instant now = clock.instant();
        boolean urgent = false;
        for (byte[] line : lines) {
            try {
                ArgoCdResponses.ApplicationEvent event = ArgoCdResponses.event(line, now, cache.serverNamespace())
                        .orElse(null);
                if (event != null) {
                    cache.apply(event, now);
                    urgent |= awaited.contains(event.application().key());
                }
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.FINE, e, () -> "Argo CD " + name() + ": a line of the stream cannot be read");
            }
        }
        synchronized (this) {
            changed |= !lines.isEmpty();
            health = health.withAnswer(now);
            if (first) {
                nextList = now.plus(AFTER_CONNECT);
            }
        }
        if (urgent && takeChanged()) {
            publish(now);
            awaited.tick(cache, true, now);
        }
    }

    private void streamEnded(@CheckForNull ArgoCdException why) {
        if (why != null && why.isAboutCredentials()) {
            failed(clock.instant(), why);
        } else if (stream.refused() != null) {
            LOGGER.info(
                    () -> "Argo CD " + name() + " is polled, because its stream cannot be used: " + stream.refused());
        }
        synchronized (this) {
            // Until the stream is connected again, changes are found by listing.
            Instant soon = clock.instant().plus(PollInterval.next(health.awaited(), 0, errors, jitter()));
            nextList = soon.isBefore(nextList) ? soon : nextList;
        }
    }

    private void listed(Instant asked, @CheckForNull byte[] body, @CheckForNull Throwable error) {
        Instant now = clock.instant();
        try {
            if (error != null) {
                throw ArgoCdException.of(error);
            }
            ArgoCdResponses.ApplicationListing listing = ArgoCdResponses.list(body, now, cache.serverNamespace());
            cache.merge(listing, asked, now);
            answered(now, listing.applications().isEmpty());
        } catch (IOException e) {
            failed(now, e instanceof ArgoCdException known ? known : ArgoCdException.of(e.getMessage()));
        } catch (RuntimeException | Error e) {
            failed(e, now);
        }
    }

    /** Handles an unexpected error of a response or of this code. Its stack trace is logged once. */
    public void failed(Throwable unexpected, Instant now) {
        String problem =
                "its response could not be processed (" + unexpected.getClass().getSimpleName() + ")";
        boolean isNew = !problem.equals(health.problem());
        LOGGER.log(
                isNew ? Level.WARNING : Level.FINE, unexpected, () -> "failed to process data from Argo CD " + name());
        failed(now, ArgoCdException.of(problem));
    }

    private void answered(Instant now, boolean empty) {
        boolean recovered;
        boolean news = publish(now);
        synchronized (this) {
            recovered = health.problem() != null;
            String hint = empty ? ArgoCdErrors.nothingVisible(String.join(", ", settings.projects())) : null;
            health = health.withAnswer(now).withProblem(null, false).withHint(hint);
            errors = 0;
            rejectedToken.accepted();
            quiet = news ? 0 : quiet + 1;
            scheduleNext(now);
        }
        if (recovered) {
            LOGGER.info(() -> "Argo CD " + name() + " responds again");
            notifyAllWaits();
        }
        awaited.tick(cache, true, now);
    }

    private void failed(Instant now, ArgoCdException why) {
        boolean isNew;
        synchronized (this) {
            boolean told = stream.isLive(now) && !why.isAboutCredentials();
            isNew = !told && !why.getMessage().equals(health.problem());
            health = told ? health.withHint(why.getMessage()) : health.withProblem(why.getMessage(), why.isLasting());
            errors++;
            scheduleNext(now);
        }
        if (why.isAboutCredentials()) {
            rejectedToken.refused();
        }
        if (isNew) {
            LOGGER.warning(() -> "Argo CD " + name() + ": " + why.getMessage());
            notifyAllWaits();
        }
    }

    private synchronized void scheduleNext(Instant now) {
        listing = false;
        Duration pause = errors == 0 && stream.isLive(now)
                ? (health.awaited() ? RESYNC_AWAITED : RESYNC)
                : PollInterval.next(health.awaited(), quiet, errors, jitter());
        nextList = now.plus(pause);
    }

    private static double jitter() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Called when new details of applications are known. */
    private void detailsChanged() {
        publish(clock.instant());
    }

    /** Publishes the merged state; returns whether anything changed. */
    private boolean publish(Instant now) {
        Instant heardAt = stream.heardAt(health.answeredAt());
        ApplicationCache.ChangedTopics changedTopics = cache.publish(awaited.detailCompleter(cache, heardAt, now));
        if (changedTopics.otherPlaces()) {
            awaited.find(cache.view());
        }
        if (!changedTopics.news().isEmpty()) {
            listener.accept(changedTopics.news());
        }
        return !changedTopics.news().isEmpty();
    }

    /** Has all waits for this server evaluated again, including those for which it has not reported anything yet. */
    private void notifyAllWaits() {
        Map<String, Set<StatusTopic>> keys =
                new HashMap<>(cache.view().statuses().keys());
        awaited.keys()
                .forEach((repository, more) -> keys.merge(repository, more, (one, other) -> {
                    Set<StatusTopic> both = new HashSet<>(one);
                    both.addAll(other);
                    return both;
                }));
        if (!keys.isEmpty()) {
            listener.accept(keys);
        }
    }

    /** The server is no longer configured. All its waits are evaluated again, without its status. */
    @Override
    public void close() {
        closed = true;
        stream.close();
        notifyAllWaits();
    }
}
