package io.jenkins.plugins.gitops.core.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Why an object of Flux may not be heard of: Flux says nothing of what is suspended, and of a source that cannot be read
 * only which one it is, not who uses it.
 */
final class FluxSilenceReasons {
    /** How much later than it announced an object may be heard. */
    static final Duration LATENESS = Duration.ofMinutes(1);
    /** For how long an object may be silent that announced nothing: a health check takes up to its timeout. */
    static final Duration UNANNOUNCED = Duration.ofMinutes(10);

    private FluxSilenceReasons() {}

    /**
     * @param problem what is wrong with its Flux, as {@link FluxEventLog#problem()} says; null when nothing is known to
     *     be
     * @param fluxHeard when anything was last heard of that Flux; null when never
     * @return one line; null when nothing points to a reason
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
