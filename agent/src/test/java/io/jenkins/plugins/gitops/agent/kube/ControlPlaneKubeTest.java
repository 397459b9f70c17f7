package io.jenkins.plugins.gitops.agent.kube;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.Rule;
import org.junit.Test;

/** The plane behaves as the other tests of the Kubernetes tier expect. */
public class ControlPlaneKubeTest {
    private static final long TIMEOUT_SECONDS = 120;

    @Rule
    public final FreshNamespace namespace = new FreshNamespace();

    @Test
    public void answersWithReadyNodes() {
        List<String> ready = namespace.client().nodes().list().getItems().stream()
                .flatMap(node -> node.getStatus().getConditions().stream())
                .filter(condition -> condition.getType().equals("Ready"))
                .map(condition -> condition.getStatus())
                .toList();

        assertThat(namespace.client().getKubernetesVersion().getMajor(), is("1"));
        assertThat(ready, not(empty()));
        assertThat(ready, everyItem(is("True")));
    }

    @Test
    public void controllersRollOutADeployment() {
        create(deployment("registry.example/web:1.0"));

        Deployment live = await(ControlPlaneKubeTest::isRolledOut);

        assertThat(live.getStatus().getUpdatedReplicas(), is(2));
        List<ReplicaSet> sets = namespace
                .client()
                .apps()
                .replicaSets()
                .inNamespace(namespace.name())
                .list()
                .getItems();
        assertThat(sets, hasSize(1));
        assertThat(sets.get(0).getMetadata().getOwnerReferences().get(0).getName(), is("web"));
        assertThat(pods(), hasSize(2));
        assertThat(pods().stream().map(pod -> pod.getStatus().getPhase()).toList(), everyItem(is("Running")));
    }

    @Test
    public void digestDoesNotSelectTheOutcome() {
        create(deployment("localhost:5000/web:1.0@sha256:" + "bad0".repeat(16)));

        assertThat(await(ControlPlaneKubeTest::isRolledOut).getStatus().getAvailableReplicas(), is(2));
    }

    @Test
    public void brokenImageExceedsTheProgressDeadlineAndAGoodOneRecovers() {
        create(deployment("registry.example/web:1.1-broken"));

        await(live -> "ProgressDeadlineExceeded".equals(progressReason(live)));

        List<String> reasons = statuses().stream()
                .map(status -> status.getState().getWaiting().getReason())
                .distinct()
                .toList();
        assertThat(reasons, contains("ImagePullBackOff"));
        assertThat(statuses().get(0).getState().getWaiting().getMessage(), startsWith("Back-off pulling image"));

        namespace
                .client()
                .resource(deployment("registry.example/web:1.2"))
                .inNamespace(namespace.name())
                .forceConflicts()
                .serverSideApply();
        assertThat(progressReason(await(ControlPlaneKubeTest::isRolledOut)), is("NewReplicaSetAvailable"));
    }

    @Test
    public void crashingContainerIsBackedOff() {
        create(deployment("registry.example/web:1.1-crash"));

        await(live -> "ProgressDeadlineExceeded".equals(progressReason(live)));

        ContainerStatus status = statuses().get(0);
        assertThat(status.getState().getWaiting().getReason(), is("CrashLoopBackOff"));
        assertThat(status.getLastState().getTerminated().getExitCode(), is(1));
    }

    @Test
    public void jobsCompleteOrFailAccordingToTheirTag() {
        var jobs = namespace.client().batch().v1().jobs().inNamespace(namespace.name());
        jobs.resource(job("migrate", "registry.example/migrate:1.0")).create();
        jobs.resource(job("doomed", "registry.example/migrate:1.0-fail")).create();

        jobs.withName("migrate")
                .waitUntilCondition(live -> hasCondition(live, "Complete"), TIMEOUT_SECONDS, TimeUnit.SECONDS);
        jobs.withName("doomed")
                .waitUntilCondition(live -> hasCondition(live, "Failed"), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void claimIsBoundToAVolume() {
        var claims = namespace.client().persistentVolumeClaims().inNamespace(namespace.name());
        claims.resource(claim()).create();

        PersistentVolumeClaim live = claims.withName("data")
                .waitUntilCondition(
                        claim -> claim.getStatus() != null
                                && "Bound".equals(claim.getStatus().getPhase()),
                        TIMEOUT_SECONDS,
                        TimeUnit.SECONDS);

        assertThat(live.getStatus().getCapacity().get("storage"), is(new Quantity("1Gi")));
    }

    @Test
    public void serverSideApplyRejectsAFieldOfAnotherManager() {
        namespace.client().resource(settings("1")).fieldManager("first").serverSideApply();

        KubernetesClientException refused = assertThrows(KubernetesClientException.class, () -> namespace
                .client()
                .resource(settings("2"))
                .fieldManager("second")
                .serverSideApply());

        assertThat(refused.getCode(), is(409));
        List<StatusCause> causes = refused.getStatus().getDetails().getCauses();
        assertThat(causes.stream().map(StatusCause::getReason).toList(), contains("FieldManagerConflict"));
        assertThat(causes.stream().map(StatusCause::getField).toList(), contains(".data.size"));
        ConfigMap forced = namespace
                .client()
                .resource(settings("2"))
                .fieldManager("second")
                .forceConflicts()
                .serverSideApply();
        assertThat(forced.getData().get("size"), is("2"));
    }

    private void create(Deployment deployment) {
        namespace.client().resource(deployment).inNamespace(namespace.name()).create();
    }

    private Deployment await(Predicate<Deployment> condition) {
        return namespace
                .client()
                .apps()
                .deployments()
                .inNamespace(namespace.name())
                .withName("web")
                .waitUntilCondition(condition, TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private List<Pod> pods() {
        return namespace.client().pods().inNamespace(namespace.name()).list().getItems();
    }

    private List<ContainerStatus> statuses() {
        return pods().stream()
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .toList();
    }

    private static boolean isRolledOut(Deployment live) {
        return live.getStatus() != null
                && live.getMetadata().getGeneration().equals(live.getStatus().getObservedGeneration())
                && "NewReplicaSetAvailable".equals(progressReason(live))
                && Integer.valueOf(2).equals(live.getStatus().getUpdatedReplicas())
                && Integer.valueOf(2).equals(live.getStatus().getAvailableReplicas());
    }

    private static String progressReason(Deployment live) {
        return live.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("Progressing"))
                .map(condition -> condition.getReason())
                .findFirst()
                .orElse("");
    }

    private static boolean hasCondition(Job live, String type) {
        return live.getStatus() != null
                && live.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals(type)
                                && condition.getStatus().equals("True"));
    }

    private Deployment deployment(String image) {
        return WebDeployment.of(namespace.name(), image, 2, 5);
    }

    private static Job job(String name, String image) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PersistentVolumeClaim claim() {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity("1Gi"))
                .endResources()
                .endSpec()
                .build();
    }

    private ConfigMap settings(String size) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .withNamespace(namespace.name())
                .endMetadata()
                .withData(Map.of("size", size))
                .build();
    }
}
