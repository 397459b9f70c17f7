package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;

/**
 * Determines whether a status is older than its own spec allows. A controller that is not running writes nothing, so
 * only an overdue event shows it.
 */
final class FluxStatusAge {
    /** Allows for a controller that is busy or being replaced. */
    private static final Duration GRACE = Duration.ofMinutes(1);
    /** Flux spreads reconciliations by a few percent of the interval. */
    private static final double JITTER = 1.2;

    private FluxStatusAge() {}

    /** Why the status is outdated, one line; null if it is current. */
    @CheckForNull
    static String outdated(FluxObject object, Instant now) {
        if (object.suspended() || object.deleting()) {
            return null;
        }
        String controller = object.ref().kind().equals("HelmRelease") ? "helm-controller" : "kustomize-controller";
        String running = "; is its " + controller + " running?";
        FluxIntervals timing = object.timing();
        Instant since = object.reconciling().since();
        if (object.isReconciling()) {
            return isOver(since, timing.timeout(), now)
                    ? object.ref() + " has been reconciling since " + since + ", longer than its timeout of "
                            + text(timing.timeout()) + running
                    : null;
        }
        Instant asked = FluxCondition.instant(object.requestedAt());
        if (asked != null && !object.requestedAt().equals(object.handledAt()) && isOver(asked, Duration.ZERO, now)) {
            return object.ref() + " has not answered the request of " + asked + " to reconcile" + running;
        }
        if (object.reconciling().isTrue()) {
            return isOver(since, timing.retryInterval().plus(timing.timeout()), now)
                    ? object.ref() + " has not been tried again since " + since + running
                    : null;
        }
        Instant seen = later(object.tries().last(), object.ready().since());
        Duration interval = Duration.ofMillis((long) (timing.interval().toMillis() * JITTER));
        return object.ready().isTrue() && isOver(seen, interval.plus(timing.timeout()), now)
                ? object.ref() + " has not been reconciled since " + seen + ", though its interval is "
                        + text(timing.interval()) + running
                : null;
    }

    private static boolean isOver(@CheckForNull Instant since, Duration allowed, Instant now) {
        return since != null && now.isAfter(since.plus(allowed).plus(GRACE));
    }

    @CheckForNull
    private static Instant later(@CheckForNull Instant one, @CheckForNull Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;
    }

    private static String text(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
