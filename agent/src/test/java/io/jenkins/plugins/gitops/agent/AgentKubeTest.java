package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;

/** The agent on a real control plane: what it builds on is Kubernetes' own doing. */
public class AgentKubeTest {
    private static final String OVERLAY = "services/payments-api/overlays/dev/";
    private static final String TAG = OVERLAY + "image-tag.yaml";
    private static final String BASE = "services/payments-api/base/";
    private static final String FOLDER = "clusters/dev/argocd-apps/";
    private static final String APPLICATION = FOLDER + "payments-api.yaml";

    /** With the rights that agent/deploy gives it, and no others. */
    @Rule
    public final RunningAgent running = new RunningAgent(() -> {
        Config config = ControlPlane.shared().config();
        config.setImpersonateUsername("system:serviceaccount:gitops-agent:gitops-agent");
        return config;
    });

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String namespace = "payments-" + suffix;
    private final String application = "payments-api-" + suffix;
    private KubernetesClient client;

    @BeforeClass
    public static void grantRights() throws Exception {
        KubernetesClient administrator = ControlPlane.shared().client();
        for (Map<String, Object> manifest : DeployManifestsTest.manifests()) {
            if (String.valueOf(manifest.get("kind")).startsWith("ClusterRole")) {
                administrator
                        .resource(JsonTree.format(manifest))
                        .forceConflicts()
                        .serverSideApply();
            }
        }
        administrator
                .rbac()
                .clusterRoles()
                .withName("gitops-agent")
                .waitUntilCondition(role -> role != null && !role.getRules().isEmpty(), 60, TimeUnit.SECONDS);
    }

    /** Names of their own, since tests share the cluster and its namespaces are slow to go. */
    @Before
    public void haveNamesOfOnesOwn() throws Exception {
        client = ControlPlane.shared().client();
        TestRepository repository = running.repository();
        Map<String, String> files = new HashMap<>();
        files.put(
                APPLICATION,
                repository
                        .read(APPLICATION)
                        .replace("payments-api-dev", application)
                        .replace("namespace: payments-dev", "namespace: " + namespace));
        files.put(
                OVERLAY + "kustomization.yaml",
                repository.read(OVERLAY + "kustomization.yaml").replace("payments-dev", namespace));
        files.put(FOLDER + "frontend.yaml", null);
        files.put(FOLDER + "my-app.yaml", null);
        repository.commit(files);
    }

    @After
    public void letGo() {
        running.stop();
        client.namespaces().withName(namespace).delete();
    }

    @Test
    public void deliversAndRollsOutANewImage() throws Exception {
        startAndAwait();
        String commit = running.repository().replace(TAG, "sha-a1b2c3d", "sha-0000002");

        ApplicationStatus live = running.awaitLive(application, commit);

        assertThat(live.images(), contains("ghcr.io/myorg/payments-api:sha-0000002"));
        assertThat(live.resources(), hasSize(0));
        Deployment deployment = deployment().get();
        assertThat(
                deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage(),
                is("ghcr.io/myorg/payments-api:sha-0000002"));
        assertThat(deployment.getStatus().getUpdatedReplicas(), is(1));
    }

    @Test
    public void badImageIsDegradedWithThePodsReason() throws Exception {
        startAndAwait();
        running.repository()
                .replace(BASE + "deployment.yaml", "progressDeadlineSeconds: 10", "progressDeadlineSeconds: 3");
        running.repository().replace(TAG, "sha-a1b2c3d", "sha-broken");

        ApplicationStatus degraded = running.await(
                application,
                status -> status.health().equals("Degraded")
                        && status.resources().get(0).message().contains("ImagePullBackOff"));

        assertThat(degraded.sync(), is("Synced"));
        assertThat(
                degraded.resources().get(0).message(), containsString("ProgressDeadlineExceeded; pod payments-api-"));
        String good = running.repository().replace(TAG, "sha-broken", "sha-a1b2c3d");
        running.awaitLive(application, good);
    }

    @Test
    public void healsScaleAndNamesTheFieldManager() throws Exception {
        startAndAwait();
        deployment().scale(4);

        running.awaitLine(line -> line.contains("taking ownership of .spec.replicas of Deployment payments-api from"));
        running.await(
                application,
                status -> status.sync().equals("Synced")
                        && deployment().get().getSpec().getReplicas() == 1);
    }

    @Test
    public void takesFieldsBackFromAnotherApplier() throws Exception {
        startAndAwait();
        client.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName("payments-api")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withNewTemplate()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("api")
                        .withImage("ghcr.io/myorg/payments-api:sha-9999999")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .fieldManager("somebody-else")
                .forceConflicts()
                .serverSideApply();

        String line = running.awaitLine(l -> l.contains("from somebody-else"));

        assertThat(line, containsString(".spec.template.spec.containers[name=\"api\"].image"));
        running.await(
                application,
                status -> status.sync().equals("Synced")
                        && status.health().equals("Healthy")
                        && image().endsWith("sha-a1b2c3d"));
    }

    /** Only the metadata of a ConfigMap is watched. */
    @Test
    public void healsTheDataOfAConfigMap() throws Exception {
        startAndAwait();
        var configMap = client.configMaps().inNamespace(namespace).withName("payments-api-config");
        configMap.edit(
                map -> new ConfigMapBuilder(map).addToData("LOG_LEVEL", "trace").build());

        configMap.waitUntilCondition(map -> map.getData().get("LOG_LEVEL").equals("info"), 120, TimeUnit.SECONDS);

        running.await(application, status -> status.sync().equals("Synced"));
    }

    @Test
    public void prunesObjectsRemovedFromGit() throws Exception {
        startAndAwait();
        String commit = running.repository().replace(BASE + "kustomization.yaml", "- service.yaml\n", "");

        running.awaitLive(application, commit);

        assertThat(
                client.services()
                        .inNamespace(namespace)
                        .withName("payments-api")
                        .get(),
                is(nullValue()));
        assertThat(deployment().get(), is(notNullValue()));
    }

    @Test
    public void failedDryRunAppliesNothing() throws Exception {
        startAndAwait();
        running.repository()
                .commit(Map.of(
                        BASE + "configmap.yaml",
                        running.repository()
                                .read(BASE + "configmap.yaml")
                                .replace("LOG_LEVEL: info", "LOG_LEVEL: debug"),
                        BASE + "service.yaml",
                        running.repository().read(BASE + "service.yaml").replace("port: 80", "port: 800000")));

        ApplicationStatus failed = running.await(
                application,
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(failed.operation().message(), containsString("nothing was applied; Service payments-api:"));
        assertThat(
                client.configMaps()
                        .inNamespace(namespace)
                        .withName("payments-api-config")
                        .get()
                        .getData()
                        .get("LOG_LEVEL"),
                is("info"));
    }

    @Test
    public void unknownFieldOfAManifestIsRejectedByTheServer() throws Exception {
        startAndAwait();
        running.repository()
                .replace(BASE + "deployment.yaml", "      containers:\n", "      containerz: []\n      containers:\n");

        ApplicationStatus failed = running.await(
                application,
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(failed.operation().message(), containsString("containerz"));
    }

    @Test
    public void ignoredFieldsKeepTheirLiveValue() throws Exception {
        running.repository()
                .replace(
                        APPLICATION,
                        "  syncPolicy:\n",
                        "  ignoreDifferences:\n  - group: apps\n    kind: Deployment\n    jsonPointers: [/spec/replicas]\n"
                                + "  syncPolicy:\n");
        startAndAwait();
        deployment().scale(3);
        String commit = running.repository().replace(TAG, "sha-a1b2c3d", "sha-0000004");

        running.awaitLive(application, commit);

        assertThat(deployment().get().getSpec().getReplicas(), is(3));
        assertThat(image(), is("ghcr.io/myorg/payments-api:sha-0000004"));
    }

    @Test
    public void kindWithoutPermissionIsReported() throws Exception {
        running.repository()
                .commit(Map.of(
                        BASE + "role.yaml",
                        """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: payments-api}
                        rules: []
                        """,
                        BASE + "kustomization.yaml",
                        running.repository().read(BASE + "kustomization.yaml") + "- role.yaml\n"));
        running.start();

        ApplicationStatus unknown = running.await(
                application,
                // A busy machine may take a while to render it.
                status -> status.message() != null && !status.message().equals("is being rendered"));

        assertThat(unknown.sync(), is("Unknown"));
        assertThat(unknown.message(), containsString("cannot list roles"));
        assertThat(unknown.message(), containsString("serviceaccount:gitops-agent:gitops-agent"));
        assertThat(client.namespaces().withName(namespace).get(), is(nullValue()));
    }

    @Test
    public void restartedAgentFindsEverythingInSync() throws Exception {
        String tip = startAndAwait();
        String version = deployment().get().getMetadata().getResourceVersion();
        running.stop();
        running.start();

        ApplicationStatus live = running.awaitLive(application, tip);

        assertThat(live.operation(), is(nullValue()));
        assertThat(deployment().get().getMetadata().getResourceVersion(), is(version));
    }

    private String startAndAwait() throws Exception {
        running.start();
        String tip = running.repository().tip();
        running.awaitLive(application, tip);
        return tip;
    }

    private RollableScalableResource<Deployment> deployment() {
        return client.apps().deployments().inNamespace(namespace).withName("payments-api");
    }

    private String image() {
        return deployment()
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getImage();
    }
}
