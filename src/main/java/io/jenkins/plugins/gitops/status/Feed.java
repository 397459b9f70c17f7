package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is under way for one repository, and how its last fetch went. Safe for use by many threads. */
final class Feed {
    /** However many events there are, no repository is fetched more often than this. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(1);
    /** After failures in a row the time between two tries doubles up to this. */
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    private static final int MOST_DOUBLINGS = 9;

    /** Set while a look at what agents say is queued. */
    final AtomicBoolean looking = new AtomicBoolean();

    final MissingRevisions missing = new MissingRevisions();
    private State state = State.IDLE;
    private long next = System.nanoTime();
    private int failures;
    private String problem;

    private enum State {
        IDLE,
        QUEUED,
        RUNNING,
        /** It was asked for again since it began, so that it may not bring what is wanted. */
        RUNNING_AGAIN
    }

    /** Asks for a fetch that begins after this call. True when the caller is the one to start it. */
    synchronized boolean ask() {
        if (state == State.RUNNING) {
            state = State.RUNNING_AGAIN;
        }
        if (state != State.IDLE) {
            return false;
        }
        state = State.QUEUED;
        return true;
    }

    synchronized void begin() {
        state = State.RUNNING;
    }

    /** @return whether it was asked for again meanwhile */
    synchronized boolean end() {
        boolean again = state == State.RUNNING_AGAIN;
        state = State.IDLE;
        return again;
    }

    /** Nanoseconds until the next fetch may begin; not positive when it may now. */
    synchronized long left() {
        return next - System.nanoTime();
    }

    /** Whether the last try failed and it is too early for another. */
    synchronized boolean isBackingOff() {
        return failures > 0 && left() > 0;
    }

    /** @return whether the try before had failed */
    synchronized boolean succeeded() {
        boolean healed = problem != null;
        problem = null;
        failures = 0;
        next = System.nanoTime() + BETWEEN_FETCHES.toNanos();
        return healed;
    }

    /** @return whether that is news */
    synchronized boolean failed(String why) {
        boolean news = !why.equals(problem);
        problem = why;
        failures++;
        Duration backoff = BETWEEN_FETCHES.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        next = System.nanoTime() + (backoff.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : backoff).toNanos();
        return news;
    }

    /** Why the last fetch failed; null when it did not, or none was tried yet. */
    @CheckForNull
    synchronized String problem() {
        return problem;
    }
}
