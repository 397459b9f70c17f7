package io.jenkins.plugins.gitops.agent.health;

import static java.util.Map.entry;

import io.jenkins.plugins.gitops.core.model.Health;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Selects the health check of a kind. The rules are those of Argo CD (gitops-engine and resource_customizations) unless
 * the class of a check says otherwise.
 */
final class HealthChecks {
    private static final Function<JsonFields, HealthStatus> HEALTHY = resource -> HealthStatus.HEALTHY;
    private static final ConditionRule ISSUER = ConditionRule.of("Ready", "the issuer is being set up");
    private static final ConditionRule STORE = ConditionRule.of("Ready", "waiting for the store to be validated");
    private static final PhaseRule ANALYSIS = new PhaseRule(
            Map.of(
                    "Successful", Health.HEALTHY,
                    "Failed", Health.DEGRADED,
                    "Error", Health.DEGRADED,
                    "Inconclusive", Health.UNKNOWN),
            "waiting for its controller");
    private static final PhaseRule WORKFLOW = new PhaseRule(
            Map.of("Succeeded", Health.HEALTHY, "Failed", Health.DEGRADED, "Error", Health.DEGRADED),
            "waiting for its controller");

    /** By group and kind, such as {@code apps/Deployment} and {@code /Pod}. */
    private static final Map<String, Function<JsonFields, HealthStatus>> CHECKS = Map.ofEntries(
            entry("apps/Deployment", WorkloadHealth::deployment),
            entry("apps/StatefulSet", WorkloadHealth::statefulSet),
            entry("apps/DaemonSet", WorkloadHealth::daemonSet),
            entry("apps/ReplicaSet", WorkloadHealth::replicaSet),
            entry("batch/Job", WorkloadHealth::job),
            entry("batch/CronJob", CoreHealth::cronJob),
            entry("/Pod", PodHealth::of),
            entry("/Service", CoreHealth::service),
            entry("/PersistentVolumeClaim", CoreHealth::claim),
            entry("networking.k8s.io/Ingress", CoreHealth::ingress),
            entry("policy/PodDisruptionBudget", CoreHealth::disruptionBudget),
            entry("autoscaling/HorizontalPodAutoscaler", AutoscalerHealth::of),
            entry("apiextensions.k8s.io/CustomResourceDefinition", CoreHealth::definition),
            entry(
                    "apiregistration.k8s.io/APIService",
                    ConditionRule.of("Available", "waiting to be processed").withoutFailure()),
            entry("/ConfigMap", HEALTHY),
            entry("/Secret", HEALTHY),
            entry("/ServiceAccount", HEALTHY),
            entry("/Namespace", HEALTHY),
            entry("argoproj.io/Rollout", RolloutHealth::of),
            entry("argoproj.io/AnalysisRun", ANALYSIS),
            entry("argoproj.io/Experiment", ANALYSIS),
            entry("argoproj.io/Workflow", WORKFLOW),
            entry("argoproj.io/Application", CustomHealth::application),
            entry(
                    "cert-manager.io/Certificate",
                    ConditionRule.of("Ready", "waiting for the certificate").whileTrue("Issuing")),
            entry("cert-manager.io/Issuer", ISSUER),
            entry("cert-manager.io/ClusterIssuer", ISSUER),
            entry("external-secrets.io/ExternalSecret", CustomHealth::externalSecret),
            entry("external-secrets.io/SecretStore", STORE),
            entry("external-secrets.io/ClusterSecretStore", STORE),
            entry("external-secrets.io/PushSecret", ConditionRule.of("Ready", "waiting for the secret to be pushed")),
            entry("bitnami.com/SealedSecret", ConditionRule.of("Synced", "waiting for the secret to be decrypted")),
            entry("gateway.networking.k8s.io/GatewayClass", ConditionRule.of("Accepted", "waiting for a controller")),
            entry("gateway.networking.k8s.io/Gateway", GatewayHealth::gateway),
            entry("gateway.networking.k8s.io/HTTPRoute", GatewayHealth::route),
            entry("gateway.networking.k8s.io/GRPCRoute", GatewayHealth::route),
            entry("gateway.networking.k8s.io/BackendTLSPolicy", GatewayHealth::policy),
            entry("serving.knative.dev/Service", CustomHealth::knativeService));

    /**
     * Groups of Kubernetes itself. Their other kinds have no health, since there is nothing to wait for after their
     * creation.
     */
    private static final Set<String> BUILT_IN = Set.of(
            "",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "apps",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "autoscaling",
            "batch",
            "certificates.k8s.io",
            "coordination.k8s.io",
            "discovery.k8s.io",
            "events.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "networking.k8s.io",
            "node.k8s.io",
            "policy",
            "rbac.authorization.k8s.io",
            "resource.k8s.io",
            "scheduling.k8s.io",
            "storage.k8s.io",
            "storagemigration.k8s.io");

    /** Custom kinds without a status, which other controllers only read. */
    private static final Set<String> WITHOUT_STATUS = Set.of(
            "argoproj.io/AnalysisTemplate",
            "argoproj.io/ClusterAnalysisTemplate",
            "argoproj.io/ClusterWorkflowTemplate",
            "argoproj.io/WorkflowTemplate",
            "gateway.networking.k8s.io/ReferenceGrant");

    private HealthChecks() {}

    /** @param group empty for the core group */
    static Function<JsonFields, HealthStatus> of(String group, String kind) {
        String key = group + "/" + kind;
        Function<JsonFields, HealthStatus> check = CHECKS.get(key);
        if (check != null) {
            return check;
        }
        return BUILT_IN.contains(group) || WITHOUT_STATUS.contains(key)
                ? resource -> HealthStatus.NONE
                : GenericHealth::of;
    }
}
