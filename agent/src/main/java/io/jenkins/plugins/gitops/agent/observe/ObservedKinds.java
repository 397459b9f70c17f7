package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds that an observer reads. */
final class ObservedKinds {
    static final ResourceKind KUSTOMIZATION =
            new ResourceKind("kustomize.toolkit.fluxcd.io", "v1", "Kustomization", "kustomizations", true);
    static final ResourceKind HELM_RELEASE =
            new ResourceKind("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases", true);
    static final List<ResourceKind> SOURCES = List.of(
            new ResourceKind("source.toolkit.fluxcd.io", "v1", "GitRepository", "gitrepositories", true),
            new ResourceKind("source.toolkit.fluxcd.io", "v1", "OCIRepository", "ocirepositories", true));
    static final ResourceKind APPLICATION =
            new ResourceKind("argoproj.io", "v1alpha1", "Application", "applications", true);
    /** Workload kinds outside Kubernetes itself. */
    private static final List<ResourceKind> WORKLOADS = List.of(
            new ResourceKind("argoproj.io", "v1alpha1", "Rollout", "rollouts", true),
            new ResourceKind("serving.knative.dev", "v1", "Service", "services", true));
    /** The kinds to search for workloads of a HelmRelease. */
    static final List<String> RELEASED = List.of("apps/Deployment", "apps/StatefulSet", "apps/DaemonSet");

    private ObservedKinds() {}

    /** A kind with pods; empty for an unknown name. */
    static Optional<ResourceKind> workload(String groupKind) {
        return Stream.concat(WORKLOADS.stream(), ResourceKind.builtIn().stream())
                .filter(kind -> kind.groupKind().equals(groupKind))
                .findFirst();
    }
}
