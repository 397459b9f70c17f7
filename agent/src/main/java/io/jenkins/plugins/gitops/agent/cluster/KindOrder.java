package io.jenkins.plugins.gitops.agent.cluster;

import java.util.Comparator;
import java.util.List;

/** The order in which kinds are applied, as in gitops-engine; kinds that are not in the list come last. */
final class KindOrder {
    private static final List<String> KINDS = List.of(
            "Namespace",
            "NetworkPolicy",
            "ResourceQuota",
            "LimitRange",
            "PodSecurityPolicy",
            "PodDisruptionBudget",
            "ServiceAccount",
            "Secret",
            "SecretList",
            "ConfigMap",
            "StorageClass",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "CustomResourceDefinition",
            "ClusterRole",
            "ClusterRoleList",
            "ClusterRoleBinding",
            "ClusterRoleBindingList",
            "Role",
            "RoleList",
            "RoleBinding",
            "RoleBindingList",
            "Service",
            "DaemonSet",
            "Pod",
            "ReplicationController",
            "ReplicaSet",
            "Deployment",
            "HorizontalPodAutoscaler",
            "StatefulSet",
            "Job",
            "CronJob",
            "IngressClass",
            "Ingress",
            "APIService");
    static final Comparator<String> OF_KINDS = Comparator.comparingInt(KindOrder::rank);
    static final Comparator<DesiredObject> OF_OBJECTS = Comparator.comparing(DesiredObject::kindName, OF_KINDS)
            .thenComparing(DesiredObject::kindName)
            .thenComparing(DesiredObject::name);

    private KindOrder() {}

    private static int rank(String kind) {
        int index = KINDS.indexOf(kind);
        return index < 0 ? KINDS.size() : index;
    }
}
