package io.jenkins.plugins.gitops.agent.embedded;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.jenkins.plugins.gitops.agent.kube.WebDeployment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The embedded API as seen by fabric8's client. */
public class EmbeddedClusterTest {
    private static final long TIMEOUT_SECONDS = 30;

    private EmbeddedCluster cluster;
    private KubernetesClient client;

    @Before
    public void start() {
        cluster = EmbeddedCluster.start("test", Duration.ofMillis(10));
        client = cluster.client();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .endMetadata()
                        .build())
                .create();
    }

    @After
    public void stop() {
        cluster.close();
    }

    @Test
    public void appliesReadsListsAndDeletes() {
        client.resource(configMap("1")).serverSideApply();

        assertThat(configMaps(), hasSize(1));
        assertThat(live().getData(), is(Map.of("size", "1")));
        assertThat(live().getMetadata().getUid(), is(not(nullValue())));

        client.resource(configMap("1")).delete();
        assertThat(live(), is(nullValue()));
    }

    @Test
    public void patchMayRewriteManagersButNotOfAnotherVersion() {
        client.resource(configMap("1")).fieldManager("kubectl").serverSideApply();
        String patch = """
                [{"op":"replace","path":"/metadata/managedFields/0/manager","value":"agent"},
                 {"op":"replace","path":"/metadata/resourceVersion","value":"%s"}]""";
        String version = live().getMetadata().getResourceVersion();

        KubernetesClientException stale = assertThrows(KubernetesClientException.class, () -> client.resource(live())
                .patch(PatchContext.of(PatchType.JSON), patch.formatted("1")));
        client.resource(live()).patch(PatchContext.of(PatchType.JSON), patch.formatted(version));

        assertThat(stale.getCode(), is(409));
        assertThat(live().getMetadata().getManagedFields(), hasSize(1));
        assertThat(live().getMetadata().getManagedFields().get(0).getManager(), is("agent"));
    }

    @Test
    public void dryRunWritesNothing() {
        client.resource(configMap("1")).dryRun().serverSideApply();
        assertThat(live(), is(nullValue()));

        client.resource(configMap("1")).serverSideApply();
        String version = live().getMetadata().getResourceVersion();
        ConfigMap wanted = client.resource(configMap("2")).dryRun().serverSideApply();

        assertThat(wanted.getData().get("size"), is("2"));
        assertThat(live().getData().get("size"), is("1"));
        assertThat(live().getMetadata().getResourceVersion(), is(version));
    }

    @Test
    public void applyThatChangesNothingKeepsTheVersion() {
        client.resource(configMap("1")).serverSideApply();
        String version = live().getMetadata().getResourceVersion();
        client.resource(configMap("1")).serverSideApply();

        assertThat(live().getMetadata().getResourceVersion(), is(version));
    }

    @Test
    public void conflictNamesManagerAndField() {
        client.resource(configMap("1")).fieldManager("first").serverSideApply();

        KubernetesClientException refused = assertThrows(
                KubernetesClientException.class,
                () -> client.resource(configMap("2")).fieldManager("second").serverSideApply());

        assertThat(refused.getCode(), is(409));
        assertThat(refused.getStatus().getDetails().getCauses().get(0).getField(), is(".data.size"));
        client.resource(configMap("2")).fieldManager("second").forceConflicts().serverSideApply();
        assertThat(live().getData().get("size"), is("2"));
    }

    @Test
    public void objectNeedsItsNamespace() {
        KubernetesClientException refused = assertThrows(
                KubernetesClientException.class,
                () -> client.resource(configMap("1")).inNamespace("nowhere").serverSideApply());

        assertThat(refused.getCode(), is(404));
        assertThat(refused.getStatus().getMessage(), is("namespaces \"nowhere\" not found"));
    }

    @Test
    public void deletingANamespaceDeletesItsObjects() {
        client.resource(configMap("1")).serverSideApply();
        client.namespaces().withName("shop").delete();

        assertThat(client.configMaps().inAnyNamespace().list().getItems(), hasSize(0));
    }

    @Test
    public void mergePatchReplacesListsAndDeletesNulls() {
        client.resource(configMap("1")).serverSideApply();
        client.configMaps()
                .inNamespace("shop")
                .withName("settings")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"size\":null,\"colour\":\"red\"}}");

        assertThat(live().getData(), is(Map.of("colour", "red")));
    }

    @Test
    public void staleUpdateIsRejected() {
        ConfigMap first = client.resource(configMap("1")).create();
        client.resource(configMap("2")).forceConflicts().serverSideApply();

        KubernetesClientException refused = assertThrows(
                KubernetesClientException.class, () -> client.resource(first).update());

        assertThat(refused.getCode(), is(409));
    }

    @Test
    public void watchReportsChangesInOrder() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (var watch = client.configMaps().inNamespace("shop").watch(new Watcher<ConfigMap>() {
            @Override
            public void eventReceived(Action action, ConfigMap object) {
                seen.add(action + " " + object.getData().get("size"));
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed");
            }
        })) {
            client.resource(configMap("1")).serverSideApply();
            client.resource(configMap("2")).serverSideApply();
            client.resource(configMap("2")).delete();

            assertThat(next(seen), is("ADDED 1"));
            assertThat(next(seen), is("MODIFIED 2"));
            assertThat(next(seen), is("DELETED 2"));
        }
    }

    @Test
    public void scalingIsDriftOfItsOwnManager() {
        client.resource(deployment("web:1", 1)).fieldManager("git").serverSideApply();
        await(EmbeddedClusterTest::isComplete);

        client.apps().deployments().inNamespace("shop").withName("web").scale(3);

        Deployment scaled = await(live -> isComplete(live) && live.getStatus().getReplicas() == 3);
        assertThat(scaled.getSpec().getReplicas(), is(3));
        KubernetesClientException refused =
                assertThrows(KubernetesClientException.class, () -> client.resource(deployment("web:1", 1))
                        .fieldManager("git")
                        .serverSideApply());
        assertThat(refused.getStatus().getDetails().getCauses().get(0).getField(), is(".spec.replicas"));
    }

    @Test
    public void rolloutReplacesPodsOneAfterAnother() {
        client.resource(deployment("web:1", 3)).serverSideApply();
        await(EmbeddedClusterTest::isComplete);
        client.resource(deployment("web:2", 3)).serverSideApply();

        Deployment done = await(live -> isComplete(live) && live.getStatus().getObservedGeneration() == 2);

        assertThat(done.getStatus().getReplicas(), is(3));
        assertThat(
                pods().stream()
                        .map(pod -> pod.getSpec().getContainers().get(0).getImage())
                        .distinct()
                        .toList(),
                is(List.of("web:2")));
    }

    @Test
    public void brokenImageExceedsTheDeadlineAndAGoodOneReplacesIt() {
        client.resource(deployment("web:1", 2)).serverSideApply();
        await(EmbeddedClusterTest::isComplete);
        client.resource(deployment("web:2-broken", 2)).serverSideApply();

        Deployment stuck = await(live -> "ProgressDeadlineExceeded".equals(progressReason(live)));

        assertThat(stuck.getStatus().getAvailableReplicas(), is(2));
        assertThat(
                pods().stream()
                        .map(pod ->
                                pod.getStatus().getContainerStatuses().get(0).getState())
                        .filter(state -> state.getWaiting() != null)
                        .map(state -> state.getWaiting().getReason())
                        .toList(),
                is(List.of("ImagePullBackOff")));
        client.resource(deployment("web:3", 2)).serverSideApply();
        await(EmbeddedClusterTest::isComplete);
        assertThat(pods(), hasSize(2));
    }

    @Test
    public void digestDoesNotBreakAnImage() {
        client.resource(deployment("web@sha256:" + "bad0".repeat(16), 1)).serverSideApply();

        await(EmbeddedClusterTest::isComplete);
    }

    @Test
    public void invalidRequestsAreRejected() {
        Deployment wrong = deployment("web:1", 1);
        wrong.getSpec().getTemplate().getMetadata().setLabels(Map.of("app", "other"));

        KubernetesClientException refused = assertThrows(
                KubernetesClientException.class,
                () -> client.resource(wrong).dryRun().serverSideApply());

        assertThat(refused.getCode(), is(422));
    }

    @Test
    public void customKindsAreServedOnceDefined() {
        GenericKubernetesResource definition = Serialization.unmarshal("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: things.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {kind: Thing, plural: things}
                  versions: [{name: v1, served: true, storage: true}]
                """, GenericKubernetesResource.class);
        client.genericKubernetesResources("apiextensions.k8s.io/v1", "CustomResourceDefinition")
                .resource(definition)
                .create();
        GenericKubernetesResource thing = Serialization.unmarshal(
                "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one, namespace: shop}",
                GenericKubernetesResource.class);

        client.genericKubernetesResources("example.com/v1", "Thing")
                .resource(thing)
                .create();

        assertThat(
                client.genericKubernetesResources("example.com/v1", "Thing")
                        .inNamespace("shop")
                        .list()
                        .getItems(),
                hasSize(1));
    }

    private static String next(BlockingQueue<String> seen) throws InterruptedException {
        return seen.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private Deployment await(Predicate<Deployment> condition) {
        return client.apps()
                .deployments()
                .inNamespace("shop")
                .withName("web")
                .waitUntilCondition(live -> live != null && condition.test(live), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean isComplete(Deployment live) {
        return live.getStatus() != null
                && live.getMetadata().getGeneration().equals(live.getStatus().getObservedGeneration())
                && "NewReplicaSetAvailable".equals(progressReason(live));
    }

    private static String progressReason(Deployment live) {
        return live.getStatus() == null
                ? ""
                : live.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals("Progressing"))
                        .map(condition -> condition.getReason())
                        .findFirst()
                        .orElse("");
    }

    private ConfigMap live() {
        return client.configMaps().inNamespace("shop").withName("settings").get();
    }

    private List<ConfigMap> configMaps() {
        return client.configMaps().inNamespace("shop").list().getItems();
    }

    private List<Pod> pods() {
        return client.pods().inNamespace("shop").list().getItems();
    }

    private static ConfigMap configMap(String size) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .withNamespace("shop")
                .endMetadata()
                .withData(Map.of("size", size))
                .build();
    }

    private static Deployment deployment(String image, int replicas) {
        return WebDeployment.of("shop", image, replicas, 1);
    }
}
