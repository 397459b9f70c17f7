package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Passes a final verdict on only after it has been observed without interruption for long enough: a live one for the
 * longer of the times that expectation and source require, any other for the time that the source requires. Each wait
 * has one instance, which starts over with the process. Not thread-safe.
 */
public final class StabilityWindow {
    /** When to check again if the time has passed but the source has not reported since. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private Class<? extends Verdict> end;
    private Instant since;

    /**
     * Equivalent to {@link #confirm(Verdict, Expectation, Instant, Instant)} for an observation at this very moment.
     *
     * @param now the time of the receiver's clock
     */
    public Verdict confirm(Verdict seen, Expectation expectation, Instant now) {
        return confirm(seen, expectation, now, now);
    }

    /**
     * Equivalent to {@link #confirm(Verdict, Expectation, Instant, Instant)} for a verdict that the snapshots led to.
     */
    public Verdict confirm(Verdict seen, List<AgentSnapshot> snapshots, Expectation expectation, Instant now) {
        return confirm(seen, expectation, lastReported(seen, snapshots, now), now);
    }

    /**
     * Returns the verdict, or {@link Verdict.Waiting} until it has lasted for long enough.
     *
     * @param heard when a source last reported what the verdict is based on; between two reports nothing was observed
     * @param now the time, of the same clock as {@code heard}
     */
    public Verdict confirm(Verdict seen, Expectation expectation, Instant heard, Instant now) {
        Duration needed = needed(seen, expectation);
        if (needed == null) {
            end = null;
            return seen;
        }
        if (seen.getClass() != end || heard.isBefore(since)) {
            // After the clock was set back, the elapsed time is unknown.
            end = seen.getClass();
            since = heard;
        }
        Instant until = since.plus(needed);
        if (!heard.isBefore(until)) {
            return seen;
        }
        return new Verdict.Waiting(
                seen.summary() + "; this counts if it does not change until " + until.truncatedTo(ChronoUnit.SECONDS),
                now.isBefore(until) ? until : now.plus(AGAIN));
    }

    @CheckForNull
    private static Duration needed(Verdict seen, Expectation expectation) {
        if (seen instanceof Verdict.Live live) {
            return live.confirmFor().compareTo(expectation.stableFor()) > 0
                    ? live.confirmFor()
                    : expectation.stableFor();
        }
        if (seen instanceof Verdict.Stalled stalled) {
            return stalled.confirmFor();
        }
        return seen instanceof Verdict.Failed failed ? failed.confirmFor() : null;
    }

    /**
     * When the sources last confirmed what the verdict is based on. Flux sends an event whenever something happens, so
     * its silence means that nothing changed; other sources, including an observer of Flux, report repeatedly. Among
     * several, the one whose report is the oldest counts.
     */
    private static Instant lastReported(Verdict seen, List<AgentSnapshot> snapshots, Instant now) {
        if (seen instanceof Verdict.Stalled) {
            return now; // Waiting does not lead to another report from a source that denies access.
        }
        boolean silenceConfirms = seen instanceof Verdict.Failed failed && failed.silenceConfirms();
        return snapshots.stream()
                .filter(s -> isPolled(s) || !silenceConfirms && isRepeated(s))
                .map(AgentSnapshot::receivedAt)
                .min(Instant::compareTo)
                .orElse(now);
    }

    /** Whether a change since the last request is visible only with the next request. */
    private static boolean isPolled(AgentSnapshot snapshot) {
        return snapshot.traits().isPolled() && !snapshot.status().isObserved();
    }

    /** Whether the source reports at intervals, even without a change. */
    private static boolean isRepeated(AgentSnapshot snapshot) {
        return snapshot.traits().isRepeated() || snapshot.status().isObserved();
    }
}
