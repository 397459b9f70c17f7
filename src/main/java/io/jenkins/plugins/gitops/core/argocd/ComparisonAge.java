package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether what a server says of its applications is too old to count. The server answers also while the
 * application-controller, which compares, is dead. Some controllers compare seldom, and several share the clusters; so an
 * application counts as old only when nothing in its cluster was compared for long, or it was asked to be and was not.
 */
public final class ComparisonAge {
    /** More than three times the usual period of three minutes. */
    public static final Duration LIMIT = Duration.ofMinutes(10);

    /** A server that sends nothing for longer is away itself: the stream of applications says something every 15 seconds. */
    private static final Duration STALE_AFTER = Duration.ofSeconds(20);

    private final String server;

    @CheckForNull
    private final Instant heardAt;

    private final Map<String, Instant> newest = new HashMap<>();

    /**
     * @param server its name, for the messages
     * @param heardAt when it last sent anything; null when that is not known
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
     * What is wrong with the age of an application's status.
     *
     * @param unanswered whether it was asked to be compared, and was not in time
     * @return one line; null when the status counts
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

    /** Whether nothing in a cluster was compared for long; false when nothing ever was. */
    public boolean isSilent(String cluster, Instant now) {
        Instant last = newest.get(cluster);
        return last != null && now.isAfter(last.plus(LIMIT));
    }

    /** That an awaited application is looked at once more before its status counts. */
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
