package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What is under way for one repository, and how its last fetch went: at most one fetch runs, and at most one more is asked
 * for, which all share that ask meanwhile. Safe for use by many threads.
 */
final class FetchState {
    /** However many events there are, no repository is fetched more often than this. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(1);
    /** After failures in a row the time between two tries doubles up to this. */
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);
    /** The same while somebody waits for the fetch: a build that is started when the host is back must not wait minutes. */
    private static final Duration MAX_AWAITED_BACKOFF = Duration.ofSeconds(15);

    /** A host that asks for more is tried nevertheless. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(15);

    private static final int MAX_DOUBLINGS = 9;

    final MissingRevisions missing = new MissingRevisions();
    /** The fetch that was asked for and has not begun; null when none was. */
    private CompletableFuture<String> next;
    /** Whether somebody waits for the one that was asked for. */
    private boolean awaited;

    private boolean running;
    private long earliest = System.nanoTime();
    private long earliestAwaited = earliest;
    private int failures;
    private String problem;

    /**
     * A fetch that begins after it was asked for.
     *
     * @param fetch the tip that it brings; shared, so not to be completed or cancelled
     * @param start whether the caller is the one to have it started when it is due
     */
    record FetchRequest(CompletableFuture<String> fetch, boolean start) {}

    /** @param waits whether the caller waits for it, so that it is not put off for long */
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
     * Begins the fetch that was asked for.
     *
     * @return what it is to complete; null when there is nothing to do yet: somebody else began it, or will when it is due
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

    /** @return whether it was asked for again meanwhile, so that the caller is to have the next one started */
    synchronized boolean finish() {
        running = false;
        return next != null;
    }

    /** Nanoseconds until the next fetch may begin; not positive when it may now. */
    synchronized long delay() {
        return (next != null && awaited ? earliestAwaited : earliest) - System.nanoTime();
    }

    /** Whether the last try failed and it is too early for another that nobody waits for. */
    synchronized boolean isBackingOff() {
        return failures > 0 && earliest - System.nanoTime() > 0;
    }

    /** @return whether the try before had failed */
    synchronized boolean succeeded() {
        boolean healed = problem != null;
        problem = null;
        failures = 0;
        earliest = System.nanoTime() + BETWEEN_FETCHES.toNanos();
        earliestAwaited = System.nanoTime();
        return healed;
    }

    /**
     * @param asked how long the host asked to be left alone, whoever waits; zero when it did not
     * @return whether that is news
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

    /** Why the last fetch failed; null when it did not, or none was tried yet. */
    @CheckForNull
    synchronized String problem() {
        return problem;
    }
}
