package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The streaming request in which a server reports each change of its applications. Reconnects when it ends, and pauses
 * for a while if a proxy blocks it.
 */
final class ApplicationStream {
    /** A server sends a heartbeat every 15 seconds. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);
    /** Three missed heartbeats. */
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(45);

    private static final Duration INITIAL_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
    private static final Duration WITHOUT = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 6;
    /** The responses of a proxy, or of a server that does not support the stream. */
    private static final Set<Integer> REJECTED_STATUSES = Set.of(403, 404, 405, 406, 415, 501, ArgoCdClient.NO_STREAM);

    private final ArgoCdClient client;
    private final String path;
    private final Executor pool;
    private final InstantSource clock;
    private final ApplicationListener listener;

    private CompletableFuture<Void> connection;
    private int number;
    private Instant startedAt;
    private Instant lastHeard;
    private Instant nextAttempt = Instant.EPOCH;
    private int failures;
    private String refused;
    private boolean closed;

    /** Called on the pool without holding a lock. */
    interface ApplicationListener {
        /** @param first whether these are the first lines of a connection */
        void received(List<byte[]> lines, boolean first);

        /** Called when a connection has ended or failed; null if the server ended it. */
        void ended(@CheckForNull ArgoCdException why);
    }

    ApplicationStream(
            ArgoCdClient client, String path, Executor pool, InstantSource clock, ApplicationListener listener) {
        this.client = client;
        this.path = path;
        this.pool = pool;
        this.clock = clock;
        this.listener = listener;
    }

    /** Whether changes are currently being received. */
    synchronized boolean isLive(Instant now) {
        return connection != null && lastHeard != null && now.isBefore(lastHeard.plus(SIGN_OF_LIFE));
    }

    /**
     * When the current connection last received anything, including heartbeats; the given time if there is no
     * connection.
     */
    @CheckForNull
    synchronized Instant heardAt(@CheckForNull Instant otherwise) {
        return connection == null || lastHeard == null ? otherwise : lastHeard;
    }

    /** Why the stream is not used, one line; null if it is, or may be soon. */
    @CheckForNull
    synchronized String refused() {
        return refused;
    }

    /**
     * Connects or disconnects if that is due.
     *
     * @return whether a request was sent
     */
    synchronized boolean tick(Instant now) {
        if (closed) {
            return false;
        }
        if (connection == null) {
            if (now.isBefore(nextAttempt)) {
                return false;
            }
            connect(now);
            return true;
        }
        Instant last = lastHeard == null ? startedAt : lastHeard;
        if (now.isAfter(last.plus(HEARTBEAT_TIMEOUT))) {
            if (lastHeard == null) {
                refuse("it delivers no data; does a proxy buffer it?", now);
            } else {
                pause(now);
            }
            drop();
        }
        return false;
    }

    /** Retries at the next opportunity, because the cause of the failure may have been removed. */
    synchronized void retry() {
        if (connection == null) {
            failures = 0;
            nextAttempt = Instant.EPOCH;
        }
    }

    synchronized void close() {
        closed = true;
        drop();
    }

    private void drop() {
        if (connection != null) {
            number++;
            CompletableFuture<Void> old = connection;
            connection = null;
            old.cancel(true);
        }
    }

    private void connect(Instant now) {
        number++;
        int mine = number;
        startedAt = now;
        lastHeard = null;
        connection = client.stream(path, pool, lines -> heard(mine, lines));
        connection.whenCompleteAsync((done, error) -> ended(mine, error), pool);
    }

    private void heard(int from, List<byte[]> lines) {
        boolean first;
        synchronized (this) {
            if (from != number || closed) {
                return;
            }
            first = lastHeard == null;
            lastHeard = clock.instant();
            refused = null;
        }
        listener.received(lines, first);
    }

    private void ended(int from, @CheckForNull Throwable error) {
        ArgoCdException why = error == null ? null : ArgoCdException.of(error);
        synchronized (this) {
            if (from != number || closed) {
                return;
            }
            connection = null;
            Instant now = clock.instant();
            if (why != null && REJECTED_STATUSES.contains(why.status())) {
                refuse(why.getMessage(), now);
            } else {
                pause(now);
            }
        }
        listener.ended(why);
    }

    private void refuse(String why, Instant now) {
        refused = why;
        nextAttempt = now.plus(WITHOUT);
    }

    private void pause(Instant now) {
        boolean lasted = lastHeard != null && now.isAfter(startedAt.plus(MAX_PAUSE));
        failures = lasted ? 0 : Math.min(failures + 1, MAX_DOUBLINGS);
        Duration pause = INITIAL_PAUSE.multipliedBy(1L << failures);
        pause = pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE;
        double jitter = 0.5 + ThreadLocalRandom.current().nextDouble();
        nextAttempt = now.plusMillis((long) (pause.toMillis() * jitter));
    }
}
