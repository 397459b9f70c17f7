package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The fetches of one repository, and the result of the last one. At most one fetch is running and at most one more is
 * requested; requests that arrive meanwhile share the latter. Thread-safe.
 */
final class FetchState {
    /** Minimum time between two fetches, however many events arrive. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(1);
    /** After consecutive failures, the delay doubles up to this value. */
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);
    /** The limit while a build waits for the fetch: it must not wait for minutes once the host is available again. */
    private static final Duration MAX_AWAITED_BACKOFF = Duration.ofSeconds(15);

    /** Maximum delay that a host can request with {@code Retry-After}. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(15);

    private static final int MAX_DOUBLINGS = 9;

    final MissingRevisions missing = new MissingRevisions();
    /** The fetch that is requested and has not started; null when there is none. */
    private CompletableFuture<String> next;
    /** Whether a caller waits for the requested fetch. */
    private boolean awaited;

    private boolean running;
    private long earliest = System.nanoTime();
    private long earliestAwaited = earliest;
    private int failures;
    private String problem;

    /**
     * A fetch that starts after it was requested.
     *
     * @param fetch completes with the fetched tip; shared, so callers must not complete or cancel it
     * @param start whether the caller must schedule its start
     */
    record FetchRequest(CompletableFuture<String> fetch, boolean start) {}

    /** @param waits whether the caller waits for it, which limits the delay */
    synchronized FetchRequest request(boolean waits) {
        boolean first = next == null;
        if (first) {
            next = new CompletableFuture<>();
            awaited = false;
        }
        boolean sooner = waits && !awaited;
        awaited |= waits;
        return new FetchRequest(next, !running && (first || sooner));
    }

    /**
     * Starts the requested fetch.
     *
     * @return the future to complete; null when the fetch was already started or is not due yet
     */
    @CheckForNull
    synchronized CompletableFuture<String> start() {
        if (running || next == null || delay() > 0) {
            return null;
        }
        CompletableFuture<String> begun = next;
        running = true;
        next = null;
        return begun;
    }

    /** @return whether another fetch was requested meanwhile, which the caller must schedule */
    synchronized boolean finish() {
        running = false;
        return next != null;
    }

    /** Nanoseconds until the next fetch may start; zero or negative when it may start now. */
    synchronized long delay() {
        return (next != null && awaited ? earliestAwaited : earliest) - System.nanoTime();
    }

    /** Whether the last fetch failed and the delay before the next one has not passed. */
    synchronized boolean isBackingOff() {
        return failures > 0 && earliest - System.nanoTime() > 0;
    }

    /** @return whether the previous fetch had failed */
    synchronized boolean succeeded() {
        boolean healed = problem != null;
        problem = null;
        failures = 0;
        earliest = System.nanoTime() + BETWEEN_FETCHES.toNanos();
        earliestAwaited = System.nanoTime();
        return healed;
    }

    /**
     * @param asked minimum delay that the host requested, which also applies to awaited fetches; zero for none
     * @return whether the reason differs from that of the previous fetch
     */
    synchronized boolean failed(String why, Duration asked) {
        boolean news = !why.equals(problem);
        problem = why;
        failures++;
        long backoff = BETWEEN_FETCHES
                .multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS))
                .toNanos();
        long now = System.nanoTime();
        long pause = (asked.compareTo(MAX_RETRY_AFTER) < 0 ? asked : MAX_RETRY_AFTER).toNanos();
        earliest = now + Math.max(pause, Math.min(backoff, MAX_BACKOFF.toNanos()));
        earliestAwaited = now + Math.max(pause, Math.min(backoff / 2, MAX_AWAITED_BACKOFF.toNanos()));
        return news;
    }

    /** Why the last fetch failed; null when it succeeded or there was none. */
    @CheckForNull
    synchronized String problem() {
        return problem;
    }
}
