package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.Health;
import java.util.Map;
import java.util.function.Function;

/**
 * Health of a kind that depends on {@code status.phase}; a phase that is missing or not listed is Progressing.
 *
 * @param phases health by phase
 * @param waiting message while there is no phase
 */
record PhaseRule(Map<String, Health> phases, String waiting) implements Function<JsonFields, HealthStatus> {
    @Override
    public HealthStatus apply(JsonFields resource) {
        JsonFields status = resource.in("status");
        String phase = status.textOrEmpty("phase");
        if (phase.isEmpty()) {
            return HealthStatus.progressing(waiting);
        }
        Health health = phases.getOrDefault(phase, Health.PROGRESSING);
        if (health == Health.HEALTHY) {
            return HealthStatus.HEALTHY;
        }
        String message = status.textOrEmpty("message");
        return new HealthStatus(health, message.isEmpty() ? phase : phase + ": " + message);
    }
}
