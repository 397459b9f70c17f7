package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.health.HealthStatus.Certainty;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Conditions of an application that do not block anything, but should be visible. */
final class WarningConditions {
    /** Live resources whose health is unknown, to qualify Healthy. */
    static final String UNKNOWN_HEALTH = "UnknownHealthWarning";
    /** The maximum number of resources to list by name. */
    private static final int MAX_NAMED = 5;

    private final SharedResourceWarnings shared = new SharedResourceWarnings();
    private ApplicationCondition unknownHealth;

    /** Each warning keeps the time at which it first appeared with the same text. */
    List<ApplicationCondition> of(Comparison comparison, Instant now) {
        List<ApplicationCondition> warnings = new ArrayList<>(shared.conditions(comparison.warnings(), now));
        String message = StatusWriter.bounded(unknownHealth(comparison));
        if (message == null) {
            unknownHealth = null;
        } else {
            if (unknownHealth == null || !unknownHealth.message().equals(message)) {
                unknownHealth = new ApplicationCondition(UNKNOWN_HEALTH, message, null, now.toString());
            }
            warnings.add(unknownHealth);
        }
        return warnings;
    }

    @CheckForNull
    private static String unknownHealth(Comparison comparison) {
        List<String> unknown = comparison.resources().stream()
                .filter(WarningConditions::isUnknown)
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
