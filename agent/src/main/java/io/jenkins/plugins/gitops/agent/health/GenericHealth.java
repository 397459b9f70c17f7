package io.jenkins.plugins.gitops.agent.health;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Health of an unknown custom kind, from common conditions. The rules are those of kstatus (cli-utils), which Flux
 * uses: Stalled means Degraded, not ready means Progressing. In addition to kstatus, each of the common conditions must
 * be True, and the observed generation of a single condition is checked, too.
 */
final class GenericHealth {
    static final String NOT_OBSERVED = "the controller has not observed the newest spec yet";

    /** If one of these is True, there is a failure that does not go away by itself. */
    private static final Set<String> FAILED = Set.of("Stalled", "Failed", "Degraded");

    private static final String WORKING = "Reconciling";
    /** Controllers aim to make these True. */
    private static final Set<String> WANTED = Set.of("Ready", "Available", "Healthy", "Synced", "Installed");

    private GenericHealth() {}

    static HealthStatus of(JsonFields resource) {
        long generation = resource.generation();
        List<Condition> conditions = resource.conditions();
        Optional<Condition> failed = conditions.stream()
                .filter(c -> FAILED.contains(c.type()) && c.isTrue() && !c.isOlderThan(generation))
                .findFirst();
        List<Condition> wanted =
                conditions.stream().filter(c -> WANTED.contains(c.type())).toList();
        if (resource.isStale() || wanted.stream().anyMatch(c -> c.isOlderThan(generation))) {
            return HealthStatus.progressing(NOT_OBSERVED);
        }
        if (failed.isPresent()) {
            return HealthStatus.degraded(failed.get().describe());
        }
        Optional<Condition> open = conditions.stream()
                .filter(c ->
                        WANTED.contains(c.type()) && !c.isTrue() || c.type().equals(WORKING) && c.isTrue())
                .findFirst();
        if (open.isPresent()) {
            return HealthStatus.progressing(open.get().describe());
        }
        return wanted.isEmpty() ? HealthStatus.ofUnknownKind() : HealthStatus.HEALTHY;
    }
}
