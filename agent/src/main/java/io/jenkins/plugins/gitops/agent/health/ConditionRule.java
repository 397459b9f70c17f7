package io.jenkins.plugins.gitops.agent.health;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Optional;
import java.util.function.Function;

/**
 * Health of a kind that depends on one condition: True is Healthy, False is a failure, anything else Progressing, as in
 * Argo CD's health scripts. Stricter than those if the condition or the status has an observed generation: a condition
 * of an older spec is Progressing.
 *
 * @param type the condition
 * @param waiting message while there is no such condition
 * @param working a condition that means Progressing while it is True, regardless of the other; null if there is none
 * @param falseIsFailure whether False is a failure; Progressing otherwise
 */
record ConditionRule(
        String type, String waiting, @CheckForNull String working, boolean falseIsFailure)
        implements Function<JsonFields, HealthStatus> {

    /** False is a failure that the controller keeps retrying. */
    static ConditionRule of(String type, String waiting) {
        return new ConditionRule(type, waiting, null, true);
    }

    /** Returns a rule where the kind is Progressing while another condition is True. */
    ConditionRule whileTrue(String other) {
        return new ConditionRule(type, waiting, other, falseIsFailure);
    }

    /** Returns a rule where False is Progressing. */
    ConditionRule withoutFailure() {
        return new ConditionRule(type, waiting, working, false);
    }

    @Override
    public HealthStatus apply(JsonFields resource) {
        if (resource.isStale()) {
            return HealthStatus.progressing(GenericHealth.NOT_OBSERVED);
        }
        Optional<Condition> work = working == null ? Optional.empty() : resource.find(working);
        if (work.filter(Condition::isTrue).isPresent()) {
            return HealthStatus.progressing(work.get().describe());
        }
        return resource.find(type)
                .map(condition -> judge(condition, work, resource.generation()))
                .orElse(HealthStatus.progressing(waiting));
    }

    private HealthStatus judge(Condition condition, Optional<Condition> work, long generation) {
        if (condition.isOlderThan(generation)) {
            return HealthStatus.progressing(GenericHealth.NOT_OBSERVED);
        }
        if (condition.isTrue()) {
            return HealthStatus.HEALTHY;
        }
        String message =
                condition.describe() + work.map(w -> "; " + w.describe()).orElse("");
        return condition.isFalse() && falseIsFailure
                ? HealthStatus.failing(message)
                : HealthStatus.progressing(message);
    }
}
