package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One kind of the API.
 *
 * @param group {@code ""} for the core group
 * @param plural its name in URLs
 * @param namespaced whether its objects are namespaced
 */
public record ResourceKind(String group, String version, String kind, String plural, boolean namespaced) {
    private static final List<ResourceKind> BUILT_IN = List.of(
            cluster("v1", "Namespace", "namespaces"),
            namespaced("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
            namespaced("v1", "ResourceQuota", "resourcequotas"),
            namespaced("v1", "LimitRange", "limitranges"),
            namespaced("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
            namespaced("v1", "ServiceAccount", "serviceaccounts"),
            namespaced("v1", "Secret", "secrets"),
            namespaced("v1", "ConfigMap", "configmaps"),
            cluster("storage.k8s.io/v1", "StorageClass", "storageclasses"),
            cluster("v1", "PersistentVolume", "persistentvolumes"),
            namespaced("v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
            cluster("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions"),
            cluster("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles"),
            cluster("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings"),
            namespaced("rbac.authorization.k8s.io/v1", "Role", "roles"),
            namespaced("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"),
            namespaced("v1", "Service", "services"),
            namespaced("v1", "Endpoints", "endpoints"),
            namespaced("apps/v1", "DaemonSet", "daemonsets"),
            namespaced("v1", "Pod", "pods"),
            namespaced("v1", "PodTemplate", "podtemplates"),
            namespaced("v1", "ReplicationController", "replicationcontrollers"),
            namespaced("apps/v1", "ReplicaSet", "replicasets"),
            namespaced("apps/v1", "Deployment", "deployments"),
            namespaced("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
            namespaced("autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
            namespaced("apps/v1", "StatefulSet", "statefulsets"),
            namespaced("batch/v1", "Job", "jobs"),
            namespaced("batch/v1", "CronJob", "cronjobs"),
            namespaced("coordination.k8s.io/v1", "Lease", "leases"),
            cluster("networking.k8s.io/v1", "IngressClass", "ingressclasses"),
            namespaced("networking.k8s.io/v1", "Ingress", "ingresses"),
            cluster("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses"),
            cluster("apiregistration.k8s.io/v1", "APIService", "apiservices"),
            cluster(
                    "admissionregistration.k8s.io/v1",
                    "ValidatingWebhookConfiguration",
                    "validatingwebhookconfigurations"),
            cluster(
                    "admissionregistration.k8s.io/v1",
                    "MutatingWebhookConfiguration",
                    "mutatingwebhookconfigurations"));

    private static final Map<String, Map<String, ResourceKind>> BY_NAME = BUILT_IN.stream()
            .collect(Collectors.groupingBy(
                    ResourceKind::apiVersion, Collectors.toMap(ResourceKind::kind, Function.identity())));

    private static ResourceKind namespaced(String apiVersion, String kind, String plural) {
        return of(apiVersion, kind, plural, true);
    }

    private static ResourceKind cluster(String apiVersion, String kind, String plural) {
        return of(apiVersion, kind, plural, false);
    }

    /** Creates a kind from the {@code apiVersion} of a manifest. */
    public static ResourceKind of(String apiVersion, String kind, String plural, boolean namespaced) {
        int slash = apiVersion.indexOf('/');
        return new ResourceKind(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                kind,
                plural,
                namespaced);
    }

    /** The kinds that every cluster has, so that no discovery is needed. */
    public static List<ResourceKind> builtIn() {
        return BUILT_IN;
    }

    /** The built-in kind of a manifest; empty for any other. */
    public static Optional<ResourceKind> builtIn(String apiVersion, String kind) {
        return Optional.ofNullable(BY_NAME.getOrDefault(apiVersion, Map.of()).get(kind));
    }

    /** The API version in the format of manifests. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code apps/Deployment}; without group for the core group. The same for all versions of a kind. */
    public String groupKind() {
        return group.isEmpty() ? kind : group + "/" + kind;
    }

    /** Path of the kind's objects in all namespaces. */
    public String path() {
        return (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version + "/" + plural;
    }

    /** Path of the kind's objects in one namespace; null for all. */
    String listPath(@CheckForNull String namespace) {
        return namespace == null || !namespaced
                ? path()
                : (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version + "/namespaces/" + namespace + "/"
                        + plural;
    }

    /** Path of one object; the namespace is ignored for cluster-scoped kinds. */
    public String path(String namespace, String name) {
        String base = (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version;
        return namespaced
                ? base + "/namespaces/" + namespace + "/" + plural + "/" + name
                : base + "/" + plural + "/" + name;
    }

    /** Whether this kind is in a list of kinds in the format of {@link #groupKind}. */
    public boolean isOneOf(String... groupKinds) {
        return Arrays.asList(groupKinds).contains(groupKind());
    }
}
