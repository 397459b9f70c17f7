package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Determines whether the status of an application is too old to count. The server also responds while the
 * application-controller, which does the comparing, is down. Some controllers rarely compare, and several may share the
 * clusters. So an application counts as outdated only if nothing in its cluster has been compared for long, or if a
 * requested refresh was not performed.
 */
public final class ComparisonAge {
    /** More than three times Argo CD's default interval of three minutes. */
    public static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * The stream of applications sends something every 15 seconds; a server that is silent for longer is unreachable.
     */
    private static final Duration STALE_AFTER = Duration.ofSeconds(20);

    private final String server;

    @CheckForNull
    private final Instant heardAt;

    private final Map<String, Instant> newest = new HashMap<>();

    /**
     * @param server its name, for the messages
     * @param heardAt when it last sent anything; null if unknown
     */
    public ComparisonAge(String server, @CheckForNull Instant heardAt, Collection<ArgoCdApplication> all) {
        this.server = server;
        this.heardAt = heardAt;
        for (ArgoCdApplication state : all) {
            Instant compared = state.facts().comparedAt();
            if (compared != null) {
                newest.merge(state.facts().cluster(), compared, (one, other) -> one.isAfter(other) ? one : other);
            }
        }
    }

    /**
     * Why an application's status is outdated.
     *
     * @param unanswered whether a refresh was requested and not performed in time
     * @return one line; null if the status counts
     */
    @CheckForNull
    public String outdated(ArgoCdApplication state, boolean unanswered, Instant now) {
        Instant compared = state.facts().comparedAt();
        if (compared == null) {
            return unanswered ? describe(state, "yet", now) : null;
        }
        boolean pending = state.facts().refreshPending() && now.isAfter(compared.plus(RefreshTracker.OLD));
        return unanswered || pending || isSilent(state.facts().cluster(), now)
                ? describe(state, "since " + compared.truncatedTo(ChronoUnit.SECONDS), now)
                : null;
    }

    /** Whether nothing in a cluster has been compared for long; false if nothing ever was. */
    public boolean isSilent(String cluster, Instant now) {
        Instant last = newest.get(cluster);
        return last != null && now.isAfter(last.plus(LIMIT));
    }

    /** The message that an awaited application is refreshed before its status counts. */
    public String isComparedAgain(ArgoCdApplication state) {
        return "Argo CD " + server + " last compared " + state.label() + " at "
                + String.valueOf(state.facts().comparedAt()) + "; a refresh was requested";
    }

    private String describe(ArgoCdApplication state, String since, Instant now) {
        if (heardAt != null && now.isAfter(heardAt.plus(STALE_AFTER))) {
            return "Argo CD " + server + " has not answered since " + heardAt.truncatedTo(ChronoUnit.SECONDS);
        }
        return "Argo CD " + server + " has not compared " + state.label() + " " + since
                + "; is its application-controller running?";
    }
}
