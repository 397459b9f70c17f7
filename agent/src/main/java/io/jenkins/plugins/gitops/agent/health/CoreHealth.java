package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.Health;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Health of built-in kinds without a rollout, as Argo CD judges them. */
final class CoreHealth {
    /** What keeps a namespace from going. */
    private static final Set<String> REMAINING = Set.of(
            "NamespaceDeletionDiscoveryFailure",
            "NamespaceDeletionGroupVersionParsingFailure",
            "NamespaceDeletionContentFailure",
            "NamespaceFinalizersRemaining");

    private CoreHealth() {}

    static Assessment service(Fields service) {
        if (!"LoadBalancer".equals(service.in("spec").text("type")) || hasAddress(service)) {
            return Assessment.HEALTHY;
        }
        return Assessment.progressing("waiting for the load balancer's address");
    }

    static Assessment ingress(Fields ingress) {
        return hasAddress(ingress)
                ? Assessment.HEALTHY
                : Assessment.progressing("waiting for the ingress controller's address");
    }

    private static boolean hasAddress(Fields resource) {
        return !resource.in("status").in("loadBalancer").list("ingress").isEmpty();
    }

    static Assessment claim(Fields claim) {
        return switch (claim.in("status").textOrEmpty("phase")) {
            case "Bound" -> Assessment.HEALTHY;
            case "Pending" -> Assessment.progressing("waiting for a volume");
            case "Lost" -> Assessment.degraded("the volume is lost");
            default -> new Assessment(Health.UNKNOWN, null);
        };
    }

    /** Why something that is being deleted is still there, as far as it says so itself. */
    static String deletion(Fields resource) {
        String remaining = resource.conditions().stream()
                .filter(c -> REMAINING.contains(c.type()) && c.isTrue())
                .map(Condition::message)
                .collect(Collectors.joining("; "));
        return remaining.isEmpty() ? "Pending deletion" : "Pending deletion: " + remaining;
    }

    /** Conditions are looked at in the order in which the API server writes them. */
    static Assessment definition(Fields definition) {
        List<Condition> conditions = definition.conditions();
        for (Condition condition : conditions) {
            switch (condition.type() + "=" + condition.status()) {
                case "Terminating=True" -> {
                    return Assessment.progressing(condition.describe());
                }
                case "NamesAccepted=False", "NonStructuralSchema=True" -> {
                    return Assessment.failing(condition.describe());
                }
                default -> {}
            }
        }
        Optional<Condition> established = definition.find("Established");
        if (established.filter(Condition::isTrue).isPresent()) {
            return Assessment.HEALTHY;
        }
        boolean begun =
                established.filter(c -> !c.reason().equals("Installing")).isPresent();
        return begun
                ? Assessment.failing(established.get().describe())
                : Assessment.progressing("the definition is not established yet");
    }

    /** Too few pods are no fault of the budget. */
    static Assessment disruptionBudget(Fields budget) {
        if (budget.isStale()) {
            return Assessment.progressing(GenericHealth.NOT_OBSERVED);
        }
        List<Condition> conditions = budget.conditions();
        if (conditions.isEmpty()) {
            return Assessment.progressing("waiting for its status");
        }
        return conditions.stream()
                .filter(c -> c.isFalse() && !c.reason().equals("InsufficientPods"))
                .findFirst()
                .map(c -> Assessment.failing(c.describe()))
                .orElse(Assessment.HEALTHY);
    }

    /**
     * Degraded when the last run failed. Beyond Argo CD, that includes a job none of whose runs has ever succeeded: a run is
     * among the active ones from when it is scheduled until it ends. And a run from before the newest spec does not count: it
     * would make the very change that corrects the job fail.
     */
    static Assessment cronJob(Fields job) {
        Fields status = job.in("status");
        if (!job.has("status")) {
            return Assessment.progressing("waiting for its status");
        }
        String scheduled = status.textOrEmpty("lastScheduleTime");
        String succeeded = status.textOrEmpty("lastSuccessfulTime");
        boolean running = !status.list("active").isEmpty();
        boolean failed = succeeded.compareTo(scheduled) < 0;
        if (job.in("spec").flag("suspend") || running || !failed || scheduled.compareTo(writtenAt(job)) < 0) {
            return Assessment.HEALTHY;
        }
        return Assessment.degraded("the run of " + scheduled + " has not succeeded");
    }

    /** When something other than the status was last written, as the API server notes it; empty when it does not. */
    private static String writtenAt(Fields resource) {
        return resource.in("metadata").list("managedFields").stream()
                .filter(entry -> !"status".equals(entry.text("subresource")))
                .map(entry -> entry.textOrEmpty("time"))
                .max(Comparator.naturalOrder())
                .orElse("");
    }
}
