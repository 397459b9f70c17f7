package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Warns of an {@code AppProject} that restricts applications and is not enforced: once, not for each of them, since it says the
 * same of all. Of one thread.
 */
final class ProjectWarnings {
    private Set<String> known = Set.of();

    /** The warnings of a revision that the one before did not give. */
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
