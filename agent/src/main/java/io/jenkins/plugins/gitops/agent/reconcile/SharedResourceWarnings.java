package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Warnings about objects that several applications have, each with its time. Argo CD has a condition of that name. */
final class SharedResourceWarnings {
    private static final String TYPE = "SharedResourceWarning";
    private static final int MAX_WARNINGS = 10;

    private Map<String, String> since = Map.of();

    List<ApplicationCondition> conditions(List<String> warnings, Instant now) {
        Map<String, String> next = new HashMap<>();
        warnings.stream()
                .limit(MAX_WARNINGS)
                .forEach(warning -> next.put(warning, since.getOrDefault(warning, now.toString())));
        since = next;
        return warnings.stream()
                .limit(MAX_WARNINGS)
                .map(warning -> new ApplicationCondition(TYPE, StatusWriter.bounded(warning), null, next.get(warning)))
                .toList();
    }
}
