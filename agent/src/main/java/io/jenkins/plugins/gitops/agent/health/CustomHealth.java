package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.Health;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Health of custom kinds whose conditions need more than one rule. */
final class CustomHealth {
    private static final ConditionRule EXTERNAL_SECRET =
            ConditionRule.of("Ready", "waiting for the secret to be synced");
    private static final Pattern SYNCED_VERSION = Pattern.compile("(\\d{1,18})-.*");
    private static final Set<String> KNATIVE = Set.of("ConfigurationsReady", "RoutesReady", "Ready");

    private CustomHealth() {}

    /** The synced version starts with the generation; a Ready condition of an older generation is not ready. */
    static HealthStatus externalSecret(JsonFields secret) {
        Matcher synced = SYNCED_VERSION.matcher(secret.in("status").textOrEmpty("syncedResourceVersion"));
        HealthStatus healthStatus = EXTERNAL_SECRET.apply(secret);
        boolean old = synced.matches() && Long.parseLong(synced.group(1)) < secret.generation();
        return old && healthStatus.health() == Health.HEALTHY
                ? HealthStatus.progressing(GenericHealth.NOT_OBSERVED)
                : healthStatus;
    }

    /** All three conditions must be True, not False or Unknown. */
    static HealthStatus knativeService(JsonFields service) {
        if (service.isStale()) {
            return HealthStatus.progressing(GenericHealth.NOT_OBSERVED);
        }
        List<Condition> conditions = service.conditions();
        String open = conditions.stream()
                .filter(c -> !c.isTrue())
                .map(Condition::describe)
                .collect(Collectors.joining("; "));
        if (conditions.stream().anyMatch(Condition::isFalse)) {
            return HealthStatus.failing(open);
        }
        boolean ready = open.isEmpty()
                && conditions.stream()
                        .map(Condition::type)
                        .collect(Collectors.toSet())
                        .containsAll(KNATIVE);
        return ready
                ? HealthStatus.HEALTHY
                : HealthStatus.progressing(open.isEmpty() ? "waiting for its revision" : open);
    }

    /** An Application in the cluster belongs to Argo CD; this agent deploys only those in its own folder. */
    static HealthStatus application(JsonFields application) {
        JsonFields health = application.in("status").in("health");
        if (health.text("status") == null) {
            return HealthStatus.progressing(
                    "waiting for Argo CD to report its health; an Application that this agent is to"
                            + " deploy goes into the folder of its Applications");
        }
        Health told = Health.of(health.textOrEmpty("status"));
        return switch (told) {
            case HEALTHY -> HealthStatus.HEALTHY;
            case DEGRADED -> HealthStatus.failing(health.text("message"));
            default -> new HealthStatus(told, health.text("message"));
        };
    }
}
