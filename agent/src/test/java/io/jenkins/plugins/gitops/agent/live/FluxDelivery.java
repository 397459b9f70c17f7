package io.jenkins.plugins.gitops.agent.live;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** A {@link LiveDelivery} that Flux deploys: a GitRepository and a Kustomization with the application's name. */
final class FluxDelivery implements AutoCloseable {
    private static final String KUSTOMIZATION_API = "kustomize.toolkit.fluxcd.io/v1";
    private static final String OBJECTS = """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: %1$s, namespace: %2$s}
            spec:
              interval: 2s
              url: %3$s
              ref: {branch: main}
            ---
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata: {name: %1$s, namespace: %2$s}
            spec:
              interval: 10s
              retryInterval: 5s
              timeout: 30s
              path: ./%4$s
              prune: true
              wait: true
              sourceRef: {kind: GitRepository, name: %1$s}
            """;
    private static final String TELLING = """
            apiVersion: v1
            kind: Secret
            metadata: {name: jenkins-gitops, namespace: %1$s}
            stringData: {token: %2$s}
            ---
            apiVersion: notification.toolkit.fluxcd.io/v1beta3
            kind: Provider
            metadata: {name: jenkins-gitops, namespace: %1$s}
            spec:
              type: generic-hmac
              address: %3$s
              secretRef: {name: jenkins-gitops}
              timeout: 1m
            ---
            apiVersion: notification.toolkit.fluxcd.io/v1beta3
            kind: Alert
            metadata: {name: jenkins-gitops, namespace: %1$s}
            spec:
              providerRef: {name: jenkins-gitops}
              eventSeverity: info
              eventSources:
              - {kind: Kustomization, name: "*"}
              - {kind: GitRepository, name: "*"}
            """;

    private final LiveDelivery delivery;
    private final String plane;

    private FluxDelivery(LiveDelivery delivery, String plane) {
        this.delivery = delivery;
        this.plane = plane;
    }

    /**
     * Creates the repository and the objects of Flux with notifications; waits until the first revision is live.
     *
     * @param folder an existing folder that nothing else uses
     * @param more further fields of {@code agent} in gitops.yaml, with a leading comma; or empty
     */
    static FluxDelivery deployed(Path folder, FluxPlane plane, FluxEvents events, String more) throws Exception {
        LiveCluster.apply(TELLING.formatted(plane.namespace(), FluxEvents.SECRET, events.url()));
        String app = "web-" + UUID.randomUUID().toString().substring(0, 8);
        LiveRepository repository = LiveRepository.create(
                folder,
                List.of(app),
                "{flux: " + FluxEvents.NAME + ", kustomization: \"{app}\", namespace: " + plane.namespace() + more
                        + "}");
        LiveCluster.apply(OBJECTS.formatted(app, plane.namespace(), repository.url(), LiveRepository.path(app)));
        FluxDelivery created = new FluxDelivery(new LiveDelivery(repository, app), plane.namespace());
        created.await(repository.tip(), LiveRepository.FIRST_TAG, events::snapshots)
                .until(Verdict.Live.class);
        return created;
    }

    /**
     * Starts a wait for a commit that set this tag.
     *
     * @param seen returns the known snapshots of a target
     */
    LiveWait await(String commit, String tag, Function<Target, List<AgentSnapshot>> seen) throws Exception {
        return delivery.await(delivery.expectation(commit, tag), seen, () -> {});
    }

    LiveDelivery delivery() {
        return delivery;
    }

    /** Merges fields, written as JSON, into the {@code spec} of the Kustomization. */
    void patchKustomization(String spec) {
        patch(object(KUSTOMIZATION_API, "Kustomization"), spec);
    }

    /** Merges fields, written as JSON, into the {@code spec} of the GitRepository. */
    void patchSource(String spec) {
        patch(object("source.toolkit.fluxcd.io/v1", "GitRepository"), spec);
    }

    private static void patch(Resource<GenericKubernetesResource> object, String spec) {
        object.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
    }

    private Resource<GenericKubernetesResource> object(String version, String kind) {
        return LiveCluster.client()
                .genericKubernetesResources(version, kind)
                .inNamespace(plane)
                .withName(delivery.app());
    }

    /** Records when Flux itself first reports a commit as applied and healthy. */
    ReadyWatch watchReady(String commit) {
        return new ReadyWatch(object(KUSTOMIZATION_API, "Kustomization"), live -> {
            Map<String, Object> status = JsonTree.map(live.getAdditionalProperties(), "status");
            return String.valueOf(status.get("lastAppliedRevision")).endsWith(commit)
                    && JsonTree.list(status, "conditions").stream()
                            .anyMatch(condition -> "Ready".equals(JsonTree.text(condition, "type"))
                                    && "True".equals(JsonTree.text(condition, "status")));
        });
    }

    /** Deletes the namespace of the workloads; the objects of Flux are kept. */
    @Override
    public void close() {
        delivery.repository().close();
    }
}
