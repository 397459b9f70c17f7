package io.jenkins.plugins.gitops.agent.health;

import static io.jenkins.plugins.gitops.core.model.Health.DEGRADED;
import static io.jenkins.plugins.gitops.core.model.Health.HEALTHY;
import static io.jenkins.plugins.gitops.core.model.Health.PROGRESSING;
import static io.jenkins.plugins.gitops.core.model.Health.UNKNOWN;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ResourceHealthTest {
    private static final Map<String, Object> UNDER_WAY =
            LiveResources.of("apps/v1", "Deployment", "spec: {replicas: 2}, status: {updatedReplicas: 1}");
    private static final Map<String, Object> PULLING =
            pod("b", "", "{state: {waiting: {reason: ImagePullBackOff, message: Back-off pulling image app:2}}}");

    @Test
    public void resourceBeingDeletedIsProgressingWhateverItsKind() {
        for (String kind : List.of("ConfigMap", "Pod", "Strange")) {
            LiveResources.isAssessed(
                    LiveResources.of("v1", kind, "metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}"),
                    PROGRESSING,
                    "Pending deletion");
        }
    }

    @Test
    public void kindsAreHealthyOnceTheyExist() {
        for (String kind : List.of("ConfigMap", "Secret", "ServiceAccount", "Namespace")) {
            LiveResources.isAssessed(LiveResources.of("v1", kind, ""), HEALTHY, null);
        }
    }

    @Test
    public void someKindsHaveNoHealth() {
        LiveResources.isAssessed(LiveResources.of("rbac.authorization.k8s.io/v1", "Role", ""), null, null);
        LiveResources.isAssessed(LiveResources.of("apps/v1", "Pod", ""), null, null);
        LiveResources.isAssessed(LiveResources.of("v1", "Job", ""), null, null);
        LiveResources.isAssessed(LiveResources.of("{}"), null, null);
    }

    @Test
    public void customResourceWithoutConditionsIsUnknown() {
        Map<String, Object> custom = LiveResources.of("example.com/v1", "Deployment", "status: {phase: Odd}");
        assertThat(ResourceHealth.of(custom, List.of()), is(HealthStatus.ofUnknownKind()));
    }

    @Test
    public void ignoredHealthIsNotedAndDoesNotCount() {
        String ignored = "metadata: {annotations: {argocd.argoproj.io/ignore-healthcheck: 'true'}}, ";
        LiveResources.isAssessed(
                LiveResources.of("v1", "Service", ignored + "spec: {type: LoadBalancer}"),
                null,
                "health does not count (argocd.argoproj.io/ignore-healthcheck): Progressing, waiting for the load"
                        + " balancer's address");
        LiveResources.isAssessed(LiveResources.of("v1", "ConfigMap", ignored), null, null);
        LiveResources.isAssessed(
                LiveResources.of(
                        "v1",
                        "Service",
                        "metadata: {annotations: {argocd.argoproj.io/ignore-healthcheck: 'false'}}, spec: {type:"
                                + " LoadBalancer}"),
                PROGRESSING,
                "waiting for the load balancer's address");
    }

    @Test
    public void longMessageKeepsItsBeginningAndItsEnd() {
        Map<String, Object> custom = LiveResources.of(
                "example.com/v1",
                "Widget",
                "status: {conditions: [{type: Stalled, status: 'True', message: begin " + "x ".repeat(1000) + "end}]}");
        String message = ResourceHealth.of(custom, List.of()).message();
        assertThat(message, startsWith("Stalled is True: begin x"));
        assertThat(message, endsWith("x end"));
        assertThat(message.length(), lessThan(420));
    }

    @Test
    public void loadBalancerServiceNeedsAnAddress() {
        String waiting = "waiting for the load balancer's address";
        LiveResources.isAssessed(LiveResources.of("v1", "Service", ""), HEALTHY, null);
        LiveResources.isAssessed(LiveResources.of("v1", "Service", "spec: {type: ClusterIP}"), HEALTHY, null);
        LiveResources.isAssessed(LiveResources.of("v1", "Service", "spec: {type: LoadBalancer}"), PROGRESSING, waiting);
        LiveResources.isAssessed(
                LiveResources.of("v1", "Service", "spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: []}}"),
                PROGRESSING,
                waiting);
        LiveResources.isAssessed(
                LiveResources.of(
                        "v1",
                        "Service",
                        "spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: [{ip: 10.0.0.1}]}}"),
                HEALTHY,
                null);
    }

    @Test
    public void ingressNeedsAnAddress() {
        String group = "networking.k8s.io/v1";
        LiveResources.isAssessed(
                LiveResources.of(group, "Ingress", ""), PROGRESSING, "waiting for the ingress controller's address");
        LiveResources.isAssessed(
                LiveResources.of(group, "Ingress", "status: {loadBalancer: {ingress: [{hostname: app.example.com}]}}"),
                HEALTHY,
                null);
    }

    @Test
    public void volumeClaimHealthFollowsItsPhase() {
        String kind = "PersistentVolumeClaim";
        LiveResources.isAssessed(LiveResources.of("v1", kind, "status: {phase: Bound}"), HEALTHY, null);
        LiveResources.isAssessed(
                LiveResources.of("v1", kind, "status: {phase: Pending}"), PROGRESSING, "waiting for a volume");
        LiveResources.isAssessed(LiveResources.of("v1", kind, "status: {phase: Lost}"), DEGRADED, "the volume is lost");
        LiveResources.isAssessed(LiveResources.of("v1", kind, "status: {phase: Odd}"), UNKNOWN, null);
        LiveResources.isAssessed(LiveResources.of("v1", kind, ""), UNKNOWN, null);
    }

    @Test
    public void fieldsOfAnotherTypeReadAsMissing() {
        LiveResources.isAssessed(
                LiveResources.of(
                        "apps/v1", "Deployment", "metadata: [], spec: x, status: {replicas: many, conditions: {}}"),
                PROGRESSING,
                "0 of 1 updated");
        LiveResources.isAssessed(LiveResources.of("v1", "Service", "spec: {type: [LoadBalancer]}"), HEALTHY, null);
        LiveResources.isAssessed(
                LiveResources.of("batch/v1", "Job", "status: {conditions: [text]}"), PROGRESSING, "the job is running");
    }

    @Test
    public void workloadMessageNamesWhatItsPodsWaitFor() {
        HealthStatus healthStatus =
                ResourceHealth.of(UNDER_WAY, List.of(pod("a", "", "{state: {running: {}}}"), PULLING));
        assertThat(
                healthStatus,
                is(HealthStatus.progressing("1 of 2 updated; pod b: ImagePullBackOff: Back-off pulling image app:2")));
    }

    @Test
    public void podsReasonIsUsedWhenTheWorkloadHasNone() {
        Map<String, Object> job =
                LiveResources.of("batch/v1", "Job", "status: {conditions: [{type: Failed, status: 'True'}]}");
        Map<String, Object> pod = pod("c", "", "{state: {terminated: {exitCode: 2, reason: Error}}}");
        assertThat(ResourceHealth.of(job, List.of(pod)), is(HealthStatus.degraded("pod c: Error")));
    }

    @Test
    public void healthyPodsAreNotMentioned() {
        List<Map<String, Object>> pods = List.of(
                pod("a", "", "{state: {running: {}}}"),
                pod("b", "", "{state: {waiting: {reason: ContainerCreating}}}"),
                pod("c", "", "{state: {terminated: {exitCode: 0, reason: Completed}}}"));
        assertThat(ResourceHealth.of(UNDER_WAY, pods), is(HealthStatus.progressing("1 of 2 updated")));
    }

    @Test
    public void terminatingPodIsNotTheReason() {
        Map<String, Object> old =
                pod("old", ", deletionTimestamp: now", "{state: {terminated: {exitCode: 143, reason: Error}}}");
        assertThat(ResourceHealth.of(UNDER_WAY, List.of(old)), is(HealthStatus.progressing("1 of 2 updated")));
    }

    @Test
    public void podsDoNotDegradeAHealthyResource() {
        Map<String, Object> healthy = LiveResources.of("apps/v1", "Deployment", "spec: {replicas: 0}");
        assertThat(ResourceHealth.of(healthy, List.of(PULLING)), is(HealthStatus.HEALTHY));
        Map<String, Object> role = LiveResources.of("rbac.authorization.k8s.io/v1", "Role", "");
        assertThat(ResourceHealth.of(role, List.of(PULLING)), is(HealthStatus.NONE));
    }

    private static Map<String, Object> pod(String name, String metadata, String container) {
        return LiveResources.of(
                "v1",
                "Pod",
                "metadata: {name: " + name + metadata + "}, status: {phase: Running, containerStatuses: [" + container
                        + "]}");
    }
}
