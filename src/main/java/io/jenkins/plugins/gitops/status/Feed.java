package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What is under way for one repository, and how its last fetch went: at most one fetch runs, and at most one more is asked
 * for, which all share that ask meanwhile. Safe for use by many threads.
 */
final class Feed {
    /** However many events there are, no repository is fetched more often than this. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(1);
    /** After failures in a row the time between two tries doubles up to this. */
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);
    /** The same while somebody waits for the fetch: a build that is started when the host is back must not wait minutes. */
    private static final Duration LONGEST_AWAITED = Duration.ofSeconds(15);

    /** A host that asks for more is tried nevertheless. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(15);

    private static final int MOST_DOUBLINGS = 9;

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
    record Request(CompletableFuture<String> fetch, boolean start) {}

    /** @param waits whether the caller waits for it, so that it is not put off for long */
    synchronized Request ask(boolean waits) {
        boolean first = next == null;
        if (first) {
            next = new CompletableFuture<>();
            awaited = false;
        }
        boolean sooner = waits && !awaited;
        awaited |= waits;
        return new Request(next, !running && (first || sooner));
    }

    /**
     * Begins the fetch that was asked for.
     *
     * @return what it is to complete; null when there is nothing to do yet: somebody else began it, or will when it is due
     */
    @CheckForNull
    synchronized CompletableFuture<String> begin() {
        if (running || next == null || left() > 0) {
            return null;
        }
        CompletableFuture<String> begun = next;
        running = true;
        next = null;
        return begun;
    }

    /** @return whether it was asked for again meanwhile, so that the caller is to have the next one started */
    synchronized boolean end() {
        running = false;
        return next != null;
    }

    /** Nanoseconds until the next fetch may begin; not positive when it may now. */
    synchronized long left() {
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
                .multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS))
                .toNanos();
        long now = System.nanoTime();
        long pause = (asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED).toNanos();
        earliest = now + Math.max(pause, Math.min(backoff, LONGEST_BACKOFF.toNanos()));
        earliestAwaited = now + Math.max(pause, Math.min(backoff / 2, LONGEST_AWAITED.toNanos()));
        return news;
    }

    /** Why the last fetch failed; null when it did not, or none was tried yet. */
    @CheckForNull
    synchronized String problem() {
        return problem;
    }
}
