package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.health.Assessment.Certainty;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The warning that names live resources whose health nobody knows, so that Healthy is not taken for more than it is. */
final class UnknownHealth {
    static final String TYPE = "UnknownHealthWarning";
    /** More are counted, not named. */
    private static final int MAX_NAMED = 5;

    private Condition last;

    /** The warning about a comparison; it keeps the time at which it was first given for the same resources. */
    Optional<Condition> warn(Comparison comparison, Instant now) {
        List<String> unknown = comparison.resources().stream()
                .filter(UnknownHealth::isUnknown)
                .map(ResourceState::label)
                .sorted()
                .toList();
        if (unknown.isEmpty()) {
            last = null;
            return Optional.empty();
        }
        String message = message(unknown);
        if (last == null || !last.message().equals(message)) {
            last = new Condition(TYPE, message, null, now.toString());
        }
        return Optional.of(last);
    }

    private static boolean isUnknown(ResourceState state) {
        return state.difference() != Difference.KEPT
                && state.assessment() != null
                && state.assessment().certainty() == Certainty.UNKNOWN_KIND;
    }

    private static String message(List<String> unknown) {
        String named = unknown.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
        int more = unknown.size() - MAX_NAMED;
        return StatusWriter.bounded("the health of " + named + (more > 0 ? " and " + more + " more" : "")
                + " is not known, so it does not count: the status has none of the conditions Ready, Available, Healthy"
                + " and Synced");
    }
}
