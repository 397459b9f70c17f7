package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Lets an end through only when it has been seen for long enough without a break: a live one for as long as the
 * expectation and the source ask, a failure for as long as the source asks. One for each wait, which begins anew with
 * the process. Not safe for use by several threads at once.
 */
public final class StabilityWindow {
    /** How soon to look again when the time is over but the source has not been heard since. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private Class<? extends Verdict> end;
    private Instant since;

    /**
     * As {@link #confirm(Verdict, Expectation, Instant, Instant)}, of what is seen at this very moment.
     *
     * @param now the receiver's clock
     */
    public Verdict confirm(Verdict seen, Expectation expectation, Instant now) {
        return confirm(seen, expectation, now, now);
    }

    /** As {@link #confirm(Verdict, Expectation, Instant, Instant)}, of what the snapshots led to. */
    public Verdict confirm(Verdict seen, List<AgentSnapshot> snapshots, Expectation expectation, Instant now) {
        return confirm(seen, expectation, lastReported(seen, snapshots, now), now);
    }

    /**
     * What may be told of a verdict.
     *
     * @param heard when that was last said which the verdict rests on: between two looks without news nothing was seen
     * @param now of the same clock as {@code heard}
     * @return the verdict itself, or that it is waited for until it has stood for long enough
     */
    public Verdict confirm(Verdict seen, Expectation expectation, Instant heard, Instant now) {
        Duration needed = needed(seen, expectation);
        if (needed == null) {
            end = null;
            return seen;
        }
        if (seen.getClass() != end || heard.isBefore(since)) {
            // A clock that was set back tells nothing of how long it has been.
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
     * When the sources last said what the verdict rests on. Flux's events come when something happens, and their silence says
     * that nothing did; the others speak again and again, an observer of Flux too. Of several the one counts that was heard
     * longest ago.
     */
    private static Instant lastReported(Verdict seen, List<AgentSnapshot> snapshots, Instant now) {
        if (seen instanceof Verdict.Stalled) {
            return now; // Who refuses to be asked is not heard again by waiting.
        }
        boolean silenceConfirms = seen instanceof Verdict.Failed failed && failed.silenceConfirms();
        return snapshots.stream()
                .filter(s -> isPolled(s) || !silenceConfirms && isRepeated(s))
                .map(AgentSnapshot::receivedAt)
                .min(Instant::compareTo)
                .orElse(now);
    }

    /** Whether only the next request tells what changed since the last one. */
    private static boolean isPolled(AgentSnapshot snapshot) {
        return snapshot.traits().isPolled() && !snapshot.status().isObserved();
    }

    /** Whether the source reports at intervals, changed or not. */
    private static boolean isRepeated(AgentSnapshot snapshot) {
        return snapshot.traits().isRepeated() || snapshot.status().isObserved();
    }
}
