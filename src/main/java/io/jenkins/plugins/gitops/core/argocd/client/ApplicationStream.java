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
 * The one request by which a server tells each change of its applications. It is made again when it ends, and given up for a
 * while where something between keeps it from coming through.
 */
final class ApplicationStream {
    /** A server gives a sign of life each 15 seconds. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);
    /** Three of them are missing. */
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(45);

    private static final Duration INITIAL_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
    private static final Duration WITHOUT = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 6;
    /** What a proxy, or a server without it, answers. */
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

    /** Called on the pool, without a lock. */
    interface ApplicationListener {
        /** @param first whether these are the first of a connection */
        void received(List<byte[]> lines, boolean first);

        /** A connection has ended, or could not be made; null when the server ended it. */
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

    /** Whether each change is told just now. */
    synchronized boolean isLive(Instant now) {
        return connection != null && lastHeard != null && now.isBefore(lastHeard.plus(SIGN_OF_LIFE));
    }

    /** When anything last came on the connection that stands, a sign of life too; what is given when none stands. */
    @CheckForNull
    synchronized Instant heardAt(@CheckForNull Instant otherwise) {
        return connection == null || lastHeard == null ? otherwise : lastHeard;
    }

    /** Why it is not used, one line; null when it is, or may be soon. */
    @CheckForNull
    synchronized String refused() {
        return refused;
    }

    /**
     * Does what is due.
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

    /** Tries again at the next opportunity: something has changed that may have kept it from working. */
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
