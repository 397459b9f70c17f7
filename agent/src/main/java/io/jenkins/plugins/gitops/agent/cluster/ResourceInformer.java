package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ObjectReader.WatchEvent;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows all objects of one kind: lists them page by page and watches from there. A watch that ends is continued from
 * its last event; if that is too old for the API server, or several attempts to reconnect fail, the objects are listed
 * again.
 *
 * @param <T> the part of an object that is kept
 */
public final class ResourceInformer<T> implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(ResourceInformer.class.getName());
    private static final Duration MIN_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    /**
     * A connection that ends earlier and without an event counts as failed: some servers respond to an old version in
     * this way.
     */
    private static final long MIN_CONNECTION_LIFETIME = Duration.ofSeconds(2).toNanos();
    /** The number of consecutive failures that are tolerated before a new list request, which shows the problem. */
    private static final int MAX_RECONNECTS = 3;

    private final ClusterApi api;
    private final ResourceKind kind;
    private final String namespace;
    private final ResourceEventHandler<T> sink;
    private final ObjectReader<T> reader;
    private final ScheduledExecutorService executor;
    private final Executor events;
    private final CountDownLatch listed = new CountDownLatch(1);
    /** Guarded by this, as are the following fields. */
    private WatchConnection connection;

    private boolean closed;
    private int failures;
    private String version = "";
    private volatile ClusterException problem;

    /**
     * @param namespace the only one to follow; null for all
     * @param executor lists and connects
     * @param events processes what watches receive, one after the other; must not be blocked by lists
     */
    public ResourceInformer(
            ClusterApi api,
            ResourceKind kind,
            @CheckForNull String namespace,
            ResourceEventHandler<T> sink,
            ScheduledExecutorService executor,
            Executor events) {
        this.api = api;
        this.kind = kind;
        this.namespace = namespace;
        this.sink = sink;
        this.reader = new ObjectReader<>(kind, sink);
        this.executor = executor;
        this.events = events;
    }

    /** Starts to list and watch; returns immediately. */
    public void start() {
        schedule(this::listAndWatch, Duration.ZERO);
    }

    /** Waits until the objects were listed once, or that failed; returns the problem, null if there is none. */
    @CheckForNull
    String awaitListed(Duration room) throws InterruptedException {
        if (!listed.await(room.toMillis(), TimeUnit.MILLISECONDS)) {
            return "the " + kind.plural() + " of the cluster could not be listed yet";
        }
        return problem == null ? null : "cannot list " + kind.plural() + ": " + problem.getMessage();
    }

    /** Whether the objects were listed once, or that failed. */
    public boolean isListed() {
        return listed.getCount() == 0;
    }

    /** Why the last list request failed; null if it succeeded, or there was none yet. */
    @CheckForNull
    public ClusterException problem() {
        return problem;
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "The watch of {0} ends with its agent", kind.plural());
        }
    }

    private void listAndWatch() {
        if (isClosed()) {
            return;
        }
        try {
            ClusterApi.Listing<T> listing = api.list(kind, namespace, reader, sink.isMetadataEnough(kind));
            sink.replace(kind, namespace, number(listing.resourceVersion()), listing.items());
            connect(listing.resourceVersion());
            problem = null;
            forgetFailures();
        } catch (ClusterException e) {
            failed(e);
        } catch (RuntimeException e) {
            failed(ClusterException.unreachable(e));
        }
        listed.countDown();
    }

    private static long number(String resourceVersion) {
        return Long.parseLong("0" + resourceVersion.replaceAll("\\D", ""));
    }

    private void failed(ClusterException failure) {
        problem = failure;
        // A missing kind may be created later; its users report that it is missing.
        int before = countFailure();
        boolean told = before == 0 && !failure.isNotFound();
        LOGGER.log(told ? Level.WARNING : Level.FINE, "Watching failed: cannot list {0}: {1}", new Object[] {
            kind.plural(), failure.getMessage()
        });
        schedule(this::listAndWatch, backoff(before + 1));
    }

    private synchronized int countFailure() {
        return failures++;
    }

    private synchronized void forgetFailures() {
        failures = 0;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void connect(String from) throws ClusterException {
        WatchReceiver receiver = new WatchReceiver();
        WatchConnection opened = new WatchConnection(receiver, events);
        synchronized (this) {
            version = from;
        }
        api.watch(kind, namespace, from, sink.isMetadataEnough(kind), opened);
        synchronized (this) {
            connection = opened;
            if (closed) {
                opened.close();
            }
        }
    }

    private void reconnect() {
        String from;
        synchronized (this) {
            if (closed) {
                return;
            }
            from = version;
        }
        try {
            connect(from);
        } catch (ClusterException e) {
            retry(e);
        }
    }

    private void retry(@CheckForNull Throwable cause) {
        int before = countFailure();
        LOGGER.log(Level.FINE, cause, () -> "The watch of " + kind.plural() + " failed");
        schedule(before < MAX_RECONNECTS ? this::reconnect : this::listAndWatch, backoff(before + 1));
    }

    private static Duration backoff(int failed) {
        long millis = Math.min(MAX_BACKOFF.toMillis(), MIN_BACKOFF.toMillis() << Math.min(failed, 6));
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    /** The handler of one connection. */
    private final class WatchReceiver implements WatchConnection.Handler {
        private final long opened = System.nanoTime();
        private boolean anything;
        private boolean expired;

        @Override
        public boolean received(String text) {
            try {
                WatchEvent<T> event = reader.event(text);
                if (event.errorCode() == 0) {
                    take(event);
                    return true;
                }
                expired = event.errorCode() == HttpURLConnection.HTTP_GONE;
            } catch (IOException | RuntimeException e) {
                // The event is lost, so only a list shows the current state.
                expired = true;
                LOGGER.log(Level.WARNING, "An event of the watch of " + kind.plural() + " cannot be read", e);
            }
            return false;
        }

        private void take(WatchEvent<T> event) {
            anything = true;
            if (event.type().equals("DELETED")) {
                sink.remove(kind, event.object());
            } else if (!event.type().equals("BOOKMARK")) {
                sink.put(kind, event.object());
            }
            synchronized (ResourceInformer.this) {
                version = event.resourceVersion();
            }
        }

        @Override
        public void ended(@CheckForNull Throwable cause) {
            if (isClosed()) {
                return;
            }
            if (expired) {
                schedule(ResourceInformer.this::listAndWatch, MIN_BACKOFF);
            } else if (anything || System.nanoTime() - opened > MIN_CONNECTION_LIFETIME) {
                forgetFailures();
                schedule(ResourceInformer.this::reconnect, backoff(0));
            } else {
                retry(cause);
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (connection != null) {
                connection.close();
            }
        }
    }

    /** Waits for the connection to end, so that closing the client logs no errors. */
    void awaitEnd(Duration room) throws InterruptedException {
        WatchConnection last;
        synchronized (this) {
            last = connection;
        }
        if (last != null) {
            last.awaitEnd(room);
        }
    }
}
