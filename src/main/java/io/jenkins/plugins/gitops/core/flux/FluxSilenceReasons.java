package io.jenkins.plugins.gitops.core.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Finds out why there may be no events for an object: Flux reports nothing about suspended objects, and an unreadable
 * source only by its name, without the objects that use it.
 */
final class FluxSilenceReasons {
    /** How late an announced event may be. */
    static final Duration LATENESS = Duration.ofMinutes(1);
    /** How long an object that announced nothing may be silent: a health check takes up to its timeout. */
    static final Duration UNANNOUNCED = Duration.ofMinutes(10);

    private FluxSilenceReasons() {}

    /**
     * The likely reason of missing events.
     *
     * @param problem the problem of its Flux as returned by {@link FluxEventLog#problem()}; null if none is known
     * @param fluxHeard when the last event of that Flux was received; null if there was none
     * @return one line; null if no reason is known
     */
    @CheckForNull
    static String reason(
            FluxObjectStatus state, @CheckForNull String problem, @CheckForNull Instant fluxHeard, Instant now) {
        String silent = isOverdue(state, now) ? silent(state, fluxHeard, now) : null;
        if (problem == null) {
            return silent;
        }
        return silent == null ? problem : problem + "; " + silent;
    }

    private static boolean isOverdue(FluxObjectStatus state, Instant now) {
        return now.isAfter(overdueAt(state));
    }

    private static Instant overdueAt(FluxObjectStatus state) {
        return state.dueAt() == null
                ? state.time().plus(UNANNOUNCED)
                : Instant.parse(state.dueAt()).plus(LATENESS);
    }

    private static String silent(FluxObjectStatus state, @CheckForNull Instant fluxHeard, Instant now) {
        String nothing = "no event was received for " + state.status().name() + " since " + state.at();
        boolean fluxIsSilent = fluxHeard == null || fluxHeard.isBefore(now.minus(UNANNOUNCED));
        return fluxIsSilent
                ? nothing + ", nor from its Flux"
                        + (fluxHeard == null ? "" : " since " + fluxHeard.truncatedTo(ChronoUnit.SECONDS))
                        + "; check its Alert, its Provider and its notification-controller"
                : nothing + ", while its Flux sends events for other objects; is it or its source suspended?";
    }
}
