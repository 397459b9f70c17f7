package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSource;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.health.Assessment.Certainty;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Conditions of an application that keep nothing from happening, but have to be seen. */
final class Warnings {
    /** Live resources whose health is not known, so that Healthy is not taken for more than it is. */
    static final String UNKNOWN_HEALTH = "UnknownHealthWarning";
    /** An AppProject restricts the application, and is not enforced. */
    static final String PROJECT = "ProjectWarning";
    /** More resources are counted, not named. */
    private static final int MAX_NAMED = 5;

    private final Map<String, Condition> last = new HashMap<>();

    /** Each keeps the time at which it was first given in these words. */
    List<Condition> of(ApplicationSource source, Comparison comparison, Instant now) {
        return Stream.of(keep(PROJECT, source.warning(), now), keep(UNKNOWN_HEALTH, unknownHealth(comparison), now))
                .filter(Objects::nonNull)
                .toList();
    }

    @CheckForNull
    private Condition keep(String type, @CheckForNull String message, Instant now) {
        if (message == null) {
            last.remove(type);
            return null;
        }
        String bounded = StatusWriter.bounded(message);
        return last.compute(
                type,
                (key, before) -> before != null && before.message().equals(bounded)
                        ? before
                        : new Condition(type, bounded, null, now.toString()));
    }

    @CheckForNull
    private static String unknownHealth(Comparison comparison) {
        List<String> unknown = comparison.resources().stream()
                .filter(Warnings::isUnknown)
                .map(ResourceState::label)
                .sorted()
                .toList();
        if (unknown.isEmpty()) {
            return null;
        }
        String named = unknown.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
        int more = unknown.size() - MAX_NAMED;
        return "the health of " + named + (more > 0 ? " and " + more + " more" : "")
                + " is not known, so it does not count: the status has none of the conditions Ready, Available, Healthy,"
                + " Synced and Installed";
    }

    private static boolean isUnknown(ResourceState state) {
        return state.difference() != Difference.KEPT
                && state.assessment() != null
                && state.assessment().certainty() == Certainty.UNKNOWN_KIND;
    }
}
