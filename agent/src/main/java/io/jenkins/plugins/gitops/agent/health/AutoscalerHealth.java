package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Health of a HorizontalPodAutoscaler, with the reasons that Argo CD treats as failures. */
final class AutoscalerHealth {
    private static final String V1_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final Set<String> FAILURES = Set.of(
            "AbleToScale/FailedGetScale",
            "AbleToScale/FailedUpdateScale",
            "ScalingActive/FailedGetResourceMetric",
            "ScalingActive/FailedGetContainerResourceMetric",
            "ScalingActive/FailedGetObjectMetric",
            "ScalingActive/FailedGetPodsMetric",
            "ScalingActive/FailedGetExternalMetric",
            "ScalingActive/FailedComputeMetricsReplicas",
            "ScalingActive/InvalidSelector");

    private static final Set<String> WORKS = Set.of("AbleToScale", "ScalingLimited");

    private AutoscalerHealth() {}

    static HealthStatus of(JsonFields autoscaler) {
        if (autoscaler.isStale()) {
            return HealthStatus.progressing(GenericHealth.NOT_OBSERVED);
        }
        List<Condition> conditions = conditions(autoscaler);
        for (Condition condition : conditions) {
            if (FAILURES.contains(condition.type() + "/" + condition.reason())) {
                return HealthStatus.failing(condition.why());
            }
        }
        boolean works = conditions.stream().anyMatch(c -> WORKS.contains(c.type()) && c.isTrue());
        return works ? HealthStatus.HEALTHY : HealthStatus.progressing("waiting for the autoscaler");
    }

    /** In autoscaling/v1, the conditions are JSON in an annotation. */
    private static List<Condition> conditions(JsonFields autoscaler) {
        String annotation = autoscaler.in("metadata").in("annotations").text(V1_CONDITIONS);
        if (annotation == null || !autoscaler.conditions().isEmpty()) {
            return autoscaler.conditions();
        }
        try {
            Object parsed = JsonTree.parseValue(annotation.getBytes(StandardCharsets.UTF_8));
            return parsed instanceof List<?> list
                    ? list.stream().map(JsonFields::of).map(Condition::of).toList()
                    : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
