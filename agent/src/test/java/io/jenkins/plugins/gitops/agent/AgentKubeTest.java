package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.ExampleApplication.BASE;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.IMAGE_TAG;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.MANIFEST;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.TestRepository.Replacement;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;

/** The agent on a real control plane, for the behavior of Kubernetes that it relies on. */
public class AgentKubeTest {

    /** Runs with exactly the permissions that agent/deploy grants. */
    @Rule(order = 0)
    public final RunningAgent running = new RunningAgent(() -> {
        Config config = ControlPlane.shared().config();
        config.setImpersonateUsername("system:serviceaccount:gitops-agent:gitops-agent");
        return config;
    });

    @Rule(order = 1)
    public final ExampleApplication payments = ExampleApplication.onControlPlane(running);

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

    @Test
    public void deliversAndRollsOutANewImage() throws Exception {
        payments.startAndAwait();
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000002");

        ApplicationStatus live = running.awaitLive(payments.name(), commit);

        assertThat(live.images(), contains("ghcr.io/myorg/payments-api:sha-0000002"));
        assertThat(live.resources(), hasSize(0));
        assertThat(payments.image(), is("ghcr.io/myorg/payments-api:sha-0000002"));
        assertThat(payments.deployment().get().getStatus().getUpdatedReplicas(), is(1));
    }

    @Test
    public void badImageIsDegradedWithThePodsReason() throws Exception {
        payments.startAndAwait();
        running.repository()
                .replace(
                        new Replacement(
                                BASE + "deployment.yaml", "progressDeadlineSeconds: 10", "progressDeadlineSeconds: 3"),
                        new Replacement(IMAGE_TAG, "sha-a1b2c3d", "sha-broken"));

        ApplicationStatus degraded = running.await(
                payments.name(),
                status -> status.health().equals("Degraded")
                        && status.resources().get(0).message().contains("ImagePullBackOff"));

        assertThat(degraded.sync(), is("Synced"));
        assertThat(
                degraded.resources().get(0).message(), containsString("ProgressDeadlineExceeded; pod payments-api-"));
        String good = running.repository().replace(IMAGE_TAG, "sha-broken", "sha-a1b2c3d");
        running.awaitLive(payments.name(), good);
    }

    @Test
    public void healsScaleAndNamesTheFieldManager() throws Exception {
        payments.startAndAwait();
        payments.deployment().scale(4);

        running.awaitLine(line -> line.contains("taking ownership of .spec.replicas of Deployment payments-api from"));
        running.await(
                payments.name(),
                status -> status.sync().equals("Synced")
                        && payments.deployment().get().getSpec().getReplicas() == 1);
    }

    @Test
    public void takesFieldsBackFromAnotherApplier() throws Exception {
        payments.startAndAwait();
        payments.client()
                .resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName("payments-api")
                        .withNamespace(payments.namespace())
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
                payments.name(),
                status -> status.sync().equals("Synced")
                        && status.health().equals("Healthy")
                        && payments.image().endsWith("sha-a1b2c3d"));
    }

    /** Only the metadata of a ConfigMap is watched, so a change of its data has to be detected by other means. */
    @Test
    public void healsTheDataOfAConfigMap() throws Exception {
        payments.startAndAwait();
        var configMap =
                payments.client().configMaps().inNamespace(payments.namespace()).withName("payments-api-config");
        configMap.edit(
                map -> new ConfigMapBuilder(map).addToData("LOG_LEVEL", "trace").build());

        configMap.waitUntilCondition(map -> map.getData().get("LOG_LEVEL").equals("info"), 120, TimeUnit.SECONDS);

        running.await(payments.name(), status -> status.sync().equals("Synced"));
    }

    @Test
    public void prunesObjectsRemovedFromGit() throws Exception {
        payments.startAndAwait();
        String commit = running.repository().replace(BASE + "kustomization.yaml", "- service.yaml\n", "");

        running.awaitLive(payments.name(), commit);

        assertThat(payments.service().get(), is(nullValue()));
        assertThat(payments.deployment().get(), is(notNullValue()));
    }

    @Test
    public void failedDryRunAppliesNothing() throws Exception {
        payments.startAndAwait();
        running.repository()
                .commit(Map.of(
                        BASE + "configmap.yaml",
                        running.repository()
                                .read(BASE + "configmap.yaml")
                                .replace("LOG_LEVEL: info", "LOG_LEVEL: debug"),
                        BASE + "service.yaml",
                        running.repository().read(BASE + "service.yaml").replace("port: 80", "port: 800000")));

        ApplicationStatus failed = running.await(
                payments.name(),
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(failed.operation().message(), containsString("nothing was applied; Service payments-api:"));
        assertThat(payments.logLevel(), is("info"));
    }

    @Test
    public void unknownFieldOfAManifestIsRejectedByTheServer() throws Exception {
        payments.startAndAwait();
        running.repository()
                .replace(BASE + "deployment.yaml", "      containers:\n", "      containerz: []\n      containers:\n");

        ApplicationStatus failed = running.await(
                payments.name(),
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(failed.operation().message(), containsString("containerz"));
    }

    @Test
    public void ignoredFieldsKeepTheirLiveValue() throws Exception {
        running.repository()
                .replace(
                        MANIFEST,
                        "  syncPolicy:\n",
                        "  ignoreDifferences:\n  - group: apps\n    kind: Deployment\n    jsonPointers: [/spec/replicas]\n"
                                + "  syncPolicy:\n");
        payments.startAndAwait();
        payments.deployment().scale(3);
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000004");

        running.awaitLive(payments.name(), commit);

        assertThat(payments.deployment().get().getSpec().getReplicas(), is(3));
        assertThat(payments.image(), is("ghcr.io/myorg/payments-api:sha-0000004"));
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
                payments.name(),
                // On a slow machine, rendering may take a while.
                status -> status.message() != null && !status.message().equals("is being rendered"));

        assertThat(unknown.sync(), is("Unknown"));
        assertThat(unknown.message(), containsString("cannot list roles"));
        assertThat(unknown.message(), containsString("serviceaccount:gitops-agent:gitops-agent"));
        assertThat(payments.client().namespaces().withName(payments.namespace()).get(), is(nullValue()));
    }

    @Test
    public void restartedAgentFindsEverythingInSync() throws Exception {
        String tip = payments.startAndAwait();
        String version = payments.deployment().get().getMetadata().getResourceVersion();
        running.stop();
        running.start();

        ApplicationStatus live = running.awaitLive(payments.name(), tip);

        assertThat(live.operation(), is(nullValue()));
        assertThat(payments.deployment().get().getMetadata().getResourceVersion(), is(version));
    }
}
