package io.jenkins.plugins.gitops.agent.ownership;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Field managers that deployed objects before the agent did, so that all of their fields become the agent's.
 *
 * @param names exactly as {@code metadata.managedFields} has them
 */
public record ReplacedManagers(Set<String> names) {
    /**
     * Of {@code kubectl apply}, Argo CD, Flux and Helm, each with the names of its client-side and server-side apply;
     * {@code before-first-apply} has what was there before the first server-side apply of anybody.
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

    /** These and another one. */
    public ReplacedManagers and(String name) {
        Set<String> more = new LinkedHashSet<>(names);
        more.add(name);
        return new ReplacedManagers(more);
    }

    boolean include(ManagedFieldsEntry entry) {
        return entry.isOfObject() && names.contains(entry.manager());
    }
}
