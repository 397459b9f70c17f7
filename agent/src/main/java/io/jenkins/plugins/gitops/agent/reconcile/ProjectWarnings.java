package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Logs the warning about an {@code AppProject} that restricts applications and is not enforced once, and not for each
 * application. Not thread-safe.
 */
final class ProjectWarnings {
    private Set<String> known = Set.of();

    /** The warnings of a revision that its predecessor did not have. */
    List<String> news(List<ApplicationManifest> sources) {
        Set<String> now = new LinkedHashSet<>(sources.stream()
                .map(ApplicationManifest::warning)
                .filter(Objects::nonNull)
                .toList());
        List<String> news =
                now.stream().filter(warning -> !known.contains(warning)).toList();
        known = now;
        return news;
    }
}
