package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.rules.ExternalResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One application and its namespace on the real control plane, compared and synced without Git. */
final class ClusterFixture extends ExternalResource {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final String namespace = "own-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final ClusterApi api = new ClusterApi(ControlPlane.shared().client(), 100);
    private final AtomicInteger requests = new AtomicInteger();
    private KubernetesClient agentsClient;
    private Cluster cluster;

    @Override
    protected void before() {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        startAgent();
    }

    @Override
    protected void after() {
        stopAgent();
        client().namespaces().withName(namespace).delete();
    }

    /** Simulates a new process, without the memory of earlier syncs. */
    void startAgent() {
        stopAgent();
        agentsClient = new KubernetesClientBuilder()
                .withConfig(ControlPlane.shared().config())
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("count", new Interceptor() {
                    @Override
                    public void before(BasicBuilder request, HttpRequest sent, RequestTags tags) {
                        if (!sent.uri().getPath().endsWith("/pods")) {
                            requests.incrementAndGet();
                        }
                    }
                }))
                .build();
        cluster = new Cluster("dev", Set.of(), ReplacedManagers.DEFAULT, agentsClient, application -> {}, log::add);
        cluster.findTracked();
    }

    private void stopAgent() {
        if (cluster != null) {
            cluster.close();
            agentsClient.close();
        }
    }

    /** Returns how many requests the agent has sent, including watches, except the background listing of pods. */
    int requests() {
        return requests.get();
    }

    KubernetesClient client() {
        return ControlPlane.shared().client();
    }

    String namespace() {
        return namespace;
    }

    List<String> log() {
        return log;
    }

    /** Applies on the server side under the name of a manager. */
    void serverSideApply(String manager, String yaml) {
        for (Map<String, Object> manifest : manifests(yaml)) {
            client().resource(JsonTree.format(manifest))
                    .inNamespace(namespace)
                    .fieldManager(manager)
                    .forceConflicts()
                    .serverSideApply();
        }
    }

    /** Creates objects as kubectl's client-side apply does, with its annotation. */
    void clientSideApply(String manager, String yaml) {
        for (Map<String, Object> manifest : manifests(yaml)) {
            String lastApplied = JsonTree.format(manifest);
            JsonTree.child(manifest, "metadata", "annotations")
                    .put("kubectl.kubernetes.io/last-applied-configuration", lastApplied);
            ResourceKind kind = ResourceKind.builtIn(
                            JsonTree.text(manifest, "apiVersion"), JsonTree.text(manifest, "kind"))
                    .orElseThrow();
            client().raw(kind.listPath(namespace) + "?fieldManager=" + manager, "POST", JsonTree.format(manifest));
        }
    }

    /** Changes an object manually. */
    void patch(String manager, String kind, String name, String jsonPatch) {
        client().genericKubernetesResources(apiVersion(kind), kind)
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON)
                                .withFieldManager(manager)
                                .build(),
                        jsonPatch);
    }

    Map<String, Object> live(String kind, String name) throws ClusterException {
        ResourceKind known = ResourceKind.builtIn(apiVersion(kind), kind).orElseThrow();
        return api.get(new ObjectId(known, known.namespaced() ? namespace : null, name));
    }

    private static String apiVersion(String kind) {
        return switch (kind) {
            case "Deployment" -> "apps/v1";
            case "HorizontalPodAutoscaler" -> "autoscaling/v2";
            case "ClusterRole" -> "rbac.authorization.k8s.io/v1";
            default -> "v1";
        };
    }

    DesiredState desired(String yaml) throws Exception {
        return DesiredState.of(namespace, spec(), manifests(yaml));
    }

    Comparison compare(String yaml) throws Exception {
        return cluster.compare(desired(yaml));
    }

    /** Compares until a condition holds, since changes of others arrive through a watch. */
    Comparison await(String yaml, Predicate<Comparison> condition) {
        return Awaitility.await().atMost(TIMEOUT).until(() -> compare(yaml), condition);
    }

    /** Runs one sync, after which everything must match Git. */
    void sync(String yaml) throws Exception {
        SyncResult outcome = syncOnce(yaml);
        assertThat(outcome.summary(), outcome.succeeded(), is(true));
        assertThat(differences(compare(yaml)), is(List.of()));
    }

    SyncResult syncOnce(String yaml) throws Exception {
        DesiredState desired = desired(yaml);
        return cluster.sync(desired, cluster.compare(desired), spec(), List.of());
    }

    static List<String> differences(Comparison comparison) {
        return comparison.resources().stream()
                .filter(r -> r.difference() != Difference.SAME)
                .map(r -> r.label() + " " + r.difference() + ": " + r.message())
                .toList();
    }

    /** Returns the names of the managers of the object itself. */
    List<String> managers(String kind, String name) throws ClusterException {
        return JsonTree.list(live(kind, name), "metadata", "managedFields").stream()
                .filter(entry -> JsonTree.textOr("", entry, "subresource").isEmpty())
                .map(entry -> JsonTree.textOr("", entry, "manager"))
                .toList();
    }

    private ApplicationSpec spec() {
        return new ApplicationSpecBuilder("apps/web", namespace)
                .createNamespace(false)
                .propagation("background")
                .build();
    }

    private static List<Map<String, Object>> manifests(String yaml) {
        List<Map<String, Object>> manifests = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(yaml)
                .forEach(document -> manifests.add(JsonTree.copy(JsonTree.map(document))));
        return manifests;
    }
}
