package io.jenkins.plugins.gitops.agent.health;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Health of a custom kind that is not known by name, told by the conditions that controllers share. The rules are those of
 * kstatus (cli-utils), which Flux goes by: what is stalled is Degraded, what is not ready is Progressing. Beyond kstatus,
 * each of the common conditions has to be True, and the generation that a single condition is about counts too.
 */
final class GenericHealth {
    static final String NOT_OBSERVED = "the controller has not observed the newest spec yet";

    /** True in one of these is a failure that does not go away by itself. */
    private static final Set<String> FAILED = Set.of("Stalled", "Failed", "Degraded");

    private static final String WORKING = "Reconciling";
    /** True in these is what a controller works towards. */
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
