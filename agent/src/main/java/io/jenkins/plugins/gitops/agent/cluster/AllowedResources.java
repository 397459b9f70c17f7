package io.jenkins.plugins.gitops.agent.cluster;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The namespaces and kinds that an agent may apply to and delete from, regardless of its RBAC. A kind is written as
 * {@code Service}, {@code apps/Deployment} or {@code apps/*}. Corresponds to an AppProject of Argo CD, with one
 * difference: a Namespace is permitted if its name is permitted.
 *
 * @param namespaces the only permitted ones; empty for all. They also limit what is listed and watched. Cluster-scoped
 *     kinds are then permitted only if {@code kinds} contains them
 * @param deniedNamespaces never permitted
 * @param kinds the only permitted ones; empty for all
 * @param deniedKinds never permitted, even if {@code kinds} contains the whole group
 */
public record AllowedResources(
        Set<String> namespaces, Set<String> deniedNamespaces, Set<String> kinds, Set<String> deniedKinds) {
    /** Permits everything that RBAC allows. */
    public static final AllowedResources ALL = new AllowedResources(Set.of(), Set.of(), Set.of(), Set.of());

    private static final String NAMESPACE = "Namespace";

    public AllowedResources {
        namespaces = Set.copyOf(namespaces);
        deniedNamespaces = Set.copyOf(deniedNamespaces);
        kinds = Set.copyOf(kinds);
        deniedKinds = Set.copyOf(deniedKinds);
    }

    /**
     * Why an object is not permitted.
     *
     * @param reason the rule, with its key in the configuration
     * @param remedy how to get it applied
     */
    record Refusal(String reason, String remedy) {
        String message() {
            return "not permitted: " + reason + "; " + remedy;
        }
    }

    /** Why an object may be neither applied nor deleted; empty if it may. */
    Optional<Refusal> refusal(ObjectId id) {
        ResourceKind kind = id.kind();
        Optional<Refusal> ofKind = refusal(kind.group(), kind.kind());
        if (ofKind.isPresent()) {
            return ofKind;
        }
        String namespace = kind.isOneOf(NAMESPACE) ? id.name() : id.namespace();
        if (namespace != null) {
            return refusal(namespace);
        }
        return namespaces.isEmpty() || isAmong(kinds, kind.group(), kind.kind())
                ? Optional.empty()
                : Optional.of(new Refusal(
                        kind.groupKind() + " is cluster-scoped, and allowedNamespaces in agent.yaml limits the agent to"
                                + " namespaces",
                        "remove the object from Git, or name its kind, with all others to be permitted, in"
                                + " allowedKinds"));
    }

    /** Why a kind is not permitted, regardless of the namespace; empty if it is. */
    Optional<Refusal> refusal(String group, String kind) {
        String name = group.isEmpty() ? kind : group + "/" + kind;
        if (isAmong(deniedKinds, group, kind)) {
            return Optional.of(new Refusal(
                    name + " is in deniedKinds in agent.yaml",
                    "remove the object from Git, or the kind from deniedKinds"));
        }
        return kinds.isEmpty() || isAmong(kinds, group, kind)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        name + " is not in allowedKinds in agent.yaml",
                        "remove the object from Git, or add its kind to allowedKinds"));
    }

    private Optional<Refusal> refusal(String namespace) {
        if (deniedNamespaces.contains(namespace)) {
            return Optional.of(new Refusal(
                    "namespace " + namespace + " is in deniedNamespaces in agent.yaml (by default kube-system,"
                            + " kube-public, kube-node-lease and the agent's own)",
                    "move the object to another namespace, or set deniedNamespaces to other ones"));
        }
        return namespaces.isEmpty() || namespaces.contains(namespace)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        "namespace " + namespace + " is not in allowedNamespaces in agent.yaml",
                        "move the object to a namespace that is, or add this one"));
    }

    /** The namespaces in which a kind is listed and watched, sorted; an empty name denotes the whole cluster. */
    List<String> scopes(ResourceKind kind) {
        if (namespaces.isEmpty()) {
            return List.of("");
        }
        if (kind.namespaced()) {
            return List.copyOf(new TreeSet<>(namespaces));
        }
        return kind.isOneOf(NAMESPACE) || isAmong(kinds, kind.group(), kind.kind()) ? List.of("") : List.of();
    }

    private static boolean isAmong(Set<String> names, String group, String kind) {
        return group.isEmpty()
                ? names.contains(kind)
                : names.contains(group + "/" + kind) || names.contains(group + "/*");
    }
}
