package io.jenkins.plugins.gitops.agent.live;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A {@link LiveDelivery} that Argo CD deploys: an Application with the name of the application and automated sync. */
final class ArgoCdDelivery implements AutoCloseable {
    /** The name of the server in gitops.yaml. */
    static final String NAME = "main";

    private static final String API = "argoproj.io/v1alpha1";
    private static final String APPLICATION = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: %1$s
              namespace: %2$s
            spec:
              project: shop
              source: {repoURL: "%3$s", path: %4$s, targetRevision: main}
              destination: {server: "https://kubernetes.default.svc", namespace: %5$s}
              syncPolicy:
                automated: {prune: true, selfHeal: true}
                retry: {limit: 2, backoff: {duration: 1s, factor: 2, maxDuration: 10s}}
            """;

    private final LiveDelivery delivery;
    private final String namespace;

    private ArgoCdDelivery(LiveDelivery delivery, String namespace) {
        this.delivery = delivery;
        this.namespace = namespace;
    }

    /**
     * Creates the repository and the Application; the first revision is not live yet.
     *
     * @param folder an existing folder that nothing else uses
     * @param app name of the application
     * @param namespace the namespace for the Application
     */
    static ArgoCdDelivery create(Path folder, String app, String namespace) throws Exception {
        return createAll(folder, List.of(app), namespace).get(0);
    }

    /** Does the same as {@link #create}, and waits until the first revision is live. */
    static ArgoCdDelivery deployed(Path folder, String namespace, ArgoCdReader reader) throws Exception {
        String app = "web-" + UUID.randomUUID().toString().substring(0, 8);
        ArgoCdDelivery web = create(folder, app, namespace);
        web.await(web.delivery().repository().tip(), LiveRepository.FIRST_TAG, reader)
                .until(Verdict.Live.class);
        return web;
    }

    /** Does the same as {@link #create}, for many applications in one repository. */
    static List<ArgoCdDelivery> createAll(Path folder, List<String> apps, String namespace) throws Exception {
        LiveRepository repository = LiveRepository.create(folder, apps, "{argocd: " + NAME + "}");
        List<ArgoCdDelivery> all = new ArrayList<>();
        for (String app : apps) {
            LiveCluster.apply(APPLICATION.formatted(
                    app, namespace, repository.url(), LiveRepository.path(app), repository.namespace()));
            all.add(new ArgoCdDelivery(new LiveDelivery(repository, app), namespace));
        }
        return all;
    }

    LiveDelivery delivery() {
        return delivery;
    }

    private Resource<GenericKubernetesResource> resource() {
        return LiveCluster.client()
                .genericKubernetesResources(API, "Application")
                .inNamespace(namespace)
                .withName(delivery.app());
    }

    /** Starts a wait for a commit that set this tag. */
    LiveWait await(String commit, String tag, ArgoCdReader reader) throws Exception {
        Expectation expectation = delivery.expectation(commit, tag);
        String url = delivery.repository().url();
        reader.awaited(url, expectation);
        return delivery.await(expectation, reader.of(url), () -> reader.released(expectation));
    }

    /** Merges fields, written as JSON, into the {@code spec} of the Application. */
    void patch(String spec) {
        resource().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
    }

    /** Records when Argo CD itself first reports a commit as Synced and Healthy, with its operation completed. */
    ReadyWatch watchReady(String commit) {
        return new ReadyWatch(resource(), live -> {
            Map<String, Object> status = JsonTree.map(live.getAdditionalProperties(), "status");
            Map<String, Object> operation = JsonTree.map(status, "operationState");
            return "Synced".equals(JsonTree.text(status, "sync", "status"))
                    && commit.equals(JsonTree.text(status, "sync", "revision"))
                    && "Healthy".equals(JsonTree.text(status, "health", "status"))
                    && "Succeeded".equals(JsonTree.text(operation, "phase"))
                    && commit.equals(JsonTree.text(operation, "syncResult", "revision"))
                    && !live.getAdditionalProperties().containsKey("operation");
        });
    }

    /** Deletes the Application, and the deployed objects with their namespace. */
    @Override
    public void close() {
        resource().delete();
        delivery.repository().close();
    }
}
