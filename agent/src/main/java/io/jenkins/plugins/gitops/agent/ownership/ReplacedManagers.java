package io.jenkins.plugins.gitops.agent.ownership;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Field managers that deployed objects before the agent did. The agent takes over all their fields.
 *
 * @param names exactly as in {@code metadata.managedFields}
 */
public record ReplacedManagers(Set<String> names) {
    /**
     * Those of {@code kubectl apply}, Argo CD, Flux and Helm, each with the names of its client-side and server-side
     * apply; {@code before-first-apply} owns what existed before the first server-side apply.
     */
    public static final ReplacedManagers DEFAULT = of(List.of(
            "kubectl-client-side-apply",
            "kubectl-last-applied",
            "kubectl",
            "before-first-apply",
            "argocd-controller",
            "argocd-application-controller",
            "kustomize-controller",
            "helm-controller",
            "flux",
            "helm"));

    public ReplacedManagers {
        names = Set.copyOf(names);
    }

    public static ReplacedManagers of(List<String> names) {
        return new ReplacedManagers(new LinkedHashSet<>(names));
    }

    /** Returns a copy with an additional name. */
    public ReplacedManagers and(String name) {
        Set<String> more = new LinkedHashSet<>(names);
        more.add(name);
        return new ReplacedManagers(more);
    }

    boolean include(ManagedFieldsEntry entry) {
        return entry.isOfObject() && names.contains(entry.manager());
    }
}
