package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.Health;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Health of built-in kinds without a rollout, according to Argo CD's rules. */
final class CoreHealth {
    /** The conditions that explain why a namespace is not deleted yet. */
    private static final Set<String> REMAINING = Set.of(
            "NamespaceDeletionDiscoveryFailure",
            "NamespaceDeletionGroupVersionParsingFailure",
            "NamespaceDeletionContentFailure",
            "NamespaceFinalizersRemaining");

    private CoreHealth() {}

    static HealthStatus service(JsonFields service) {
        if (!"LoadBalancer".equals(service.in("spec").text("type")) || hasAddress(service)) {
            return HealthStatus.HEALTHY;
        }
        return HealthStatus.progressing("waiting for the load balancer's address");
    }

    static HealthStatus ingress(JsonFields ingress) {
        return hasAddress(ingress)
                ? HealthStatus.HEALTHY
                : HealthStatus.progressing("waiting for the ingress controller's address");
    }

    private static boolean hasAddress(JsonFields resource) {
        return !resource.in("status").in("loadBalancer").list("ingress").isEmpty();
    }

    static HealthStatus claim(JsonFields claim) {
        return switch (claim.in("status").textOrEmpty("phase")) {
            case "Bound" -> HealthStatus.HEALTHY;
            case "Pending" -> HealthStatus.progressing("waiting for a volume");
            case "Lost" -> HealthStatus.degraded("the volume is lost");
            default -> new HealthStatus(Health.UNKNOWN, null);
        };
    }

    /** Why an object that is being deleted still exists, according to its own conditions. */
    static String deletion(JsonFields resource) {
        String remaining = resource.conditions().stream()
                .filter(c -> REMAINING.contains(c.type()) && c.isTrue())
                .map(Condition::message)
                .collect(Collectors.joining("; "));
        return remaining.isEmpty() ? "Pending deletion" : "Pending deletion: " + remaining;
    }

    /** Evaluates the conditions in the order in which the API server writes them. */
    static HealthStatus definition(JsonFields definition) {
        List<Condition> conditions = definition.conditions();
        for (Condition condition : conditions) {
            switch (condition.type() + "=" + condition.status()) {
                case "Terminating=True" -> {
                    return HealthStatus.progressing(condition.describe());
                }
                case "NamesAccepted=False", "NonStructuralSchema=True" -> {
                    return HealthStatus.failing(condition.describe());
                }
                default -> {}
            }
        }
        Optional<Condition> established = definition.find("Established");
        if (established.filter(Condition::isTrue).isPresent()) {
            return HealthStatus.HEALTHY;
        }
        boolean begun =
                established.filter(c -> !c.reason().equals("Installing")).isPresent();
        return begun
                ? HealthStatus.failing(established.get().describe())
                : HealthStatus.progressing("the definition is not established yet");
    }

    /** Too few pods are not a failure of the budget. */
    static HealthStatus disruptionBudget(JsonFields budget) {
        if (budget.isStale()) {
            return HealthStatus.progressing(GenericHealth.NOT_OBSERVED);
        }
        List<Condition> conditions = budget.conditions();
        if (conditions.isEmpty()) {
            return HealthStatus.progressing("waiting for its status");
        }
        return conditions.stream()
                .filter(c -> c.isFalse() && !c.reason().equals("InsufficientPods"))
                .findFirst()
                .map(c -> HealthStatus.failing(c.describe()))
                .orElse(HealthStatus.HEALTHY);
    }

    /**
     * Degraded if the last run failed. In addition to Argo CD's rule, that includes a job that has never succeeded: a
     * run is active from the time it is scheduled until it ends. A run from before the newest spec does not count:
     * otherwise the very change that corrects the job would fail.
     */
    static HealthStatus cronJob(JsonFields job) {
        JsonFields status = job.in("status");
        if (!job.has("status")) {
            return HealthStatus.progressing("waiting for its status");
        }
        String scheduled = status.textOrEmpty("lastScheduleTime");
        String succeeded = status.textOrEmpty("lastSuccessfulTime");
        boolean running = !status.list("active").isEmpty();
        boolean failed = succeeded.compareTo(scheduled) < 0;
        if (job.in("spec").flag("suspend") || running || !failed || scheduled.compareTo(writtenAt(job)) < 0) {
            return HealthStatus.HEALTHY;
        }
        return HealthStatus.degraded("the run of " + scheduled + " has not succeeded");
    }

    /** When anything other than the status was last written, according to the managed fields; empty if unknown. */
    private static String writtenAt(JsonFields resource) {
        return resource.in("metadata").list("managedFields").stream()
                .filter(entry -> !"status".equals(entry.text("subresource")))
                .map(entry -> entry.textOrEmpty("time"))
                .max(Comparator.naturalOrder())
                .orElse("");
    }
}
