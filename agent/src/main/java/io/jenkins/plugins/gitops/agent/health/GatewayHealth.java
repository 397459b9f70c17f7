package io.jenkins.plugins.gitops.agent.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Health of Gateways and routes of the Gateway API, which also have conditions in their listeners and parents. */
final class GatewayHealth {
    private static final Set<String> FAILURES = Set.of("ResolvedRefs", "Accepted");
    private static final String PROGRAMMED = "Programmed";

    private GatewayHealth() {}

    static HealthStatus gateway(JsonFields gateway) {
        List<JsonFields> listeners = gateway.in("status").list("listeners");
        List<HealthStatus> all = new ArrayList<>();
        if (!gateway.conditions().isEmpty()) {
            all.add(judge("", gateway.conditions(), gateway.generation()));
        }
        for (JsonFields listener : listeners) {
            all.add(judge(
                    "listener " + listener.textOrEmpty("name") + ": ",
                    listener.conditionsHere(),
                    gateway.generation()));
        }
        return worst(all, "waiting for the gateway's controller");
    }

    static HealthStatus route(JsonFields route) {
        return attached(route, "parents", "parent", "parentRef");
    }

    static HealthStatus policy(JsonFields policy) {
        return attached(policy, "ancestors", "ancestor", "ancestorRef");
    }

    /** Conditions of an older spec do not count; at least one must describe the newest spec. */
    private static HealthStatus attached(JsonFields object, String list, String word, String ref) {
        List<HealthStatus> all = new ArrayList<>();
        for (JsonFields parent : object.in("status").list(list)) {
            List<Condition> conditions = parent.conditionsHere();
            boolean old = conditions.stream().anyMatch(c -> c.isOlderThan(object.generation()));
            if (!conditions.isEmpty() && !old) {
                String name = parent.in(ref).textOrEmpty("name");
                all.add(judge(word + " " + name + ": ", conditions, object.generation()));
            }
        }
        return worst(all, "waiting for a gateway to accept it");
    }

    private static HealthStatus judge(String where, List<Condition> conditions, long generation) {
        if (conditions.stream().anyMatch(c -> c.isOlderThan(generation))) {
            return HealthStatus.progressing(where + GenericHealth.NOT_OBSERVED);
        }
        Optional<Condition> failed = conditions.stream()
                .filter(c -> FAILURES.contains(c.type()) && c.isFalse())
                .findFirst();
        if (failed.isPresent()) {
            return HealthStatus.failing(where + failed.get().describe());
        }
        return conditions.stream()
                .filter(c -> (FAILURES.contains(c.type()) || c.type().equals(PROGRAMMED)) && !c.isTrue())
                .findFirst()
                .map(c -> HealthStatus.progressing(where + c.describe()))
                .orElse(HealthStatus.HEALTHY);
    }

    private static HealthStatus worst(List<HealthStatus> all, String waiting) {
        return all.stream()
                .reduce((one, other) -> other.health().compareTo(one.health()) > 0 ? other : one)
                .orElse(HealthStatus.progressing(waiting));
    }
}
