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

public class HealthAssessmentTest {
    private static final Map<String, Object> UNDER_WAY =
            Live.of("apps/v1", "Deployment", "spec: {replicas: 2}, status: {updatedReplicas: 1}");
    private static final Map<String, Object> PULLING =
            pod("b", "", "{state: {waiting: {reason: ImagePullBackOff, message: Back-off pulling image app:2}}}");

    @Test
    public void whatIsBeingDeletedIsPendingWhateverItsKind() {
        for (String kind : List.of("ConfigMap", "Pod", "Strange")) {
            Live.isAssessed(
                    Live.of("v1", kind, "metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}"),
                    PROGRESSING,
                    "Pending deletion");
        }
    }

    @Test
    public void kindsThatAreThereOrNot() {
        for (String kind : List.of("ConfigMap", "Secret", "ServiceAccount", "Namespace")) {
            Live.isAssessed(Live.of("v1", kind, ""), HEALTHY, null);
        }
    }

    @Test
    public void kindsWithoutHealth() {
        Live.isAssessed(Live.of("rbac.authorization.k8s.io/v1", "Role", ""), null, null);
        Live.isAssessed(Live.of("apps/v1", "Pod", ""), null, null);
        Live.isAssessed(Live.of("v1", "Job", ""), null, null);
        Live.isAssessed(Live.of("{}"), null, null);
    }

    @Test
    public void customKindWithoutConditionsIsSaidToBeUnknown() {
        Map<String, Object> custom = Live.of("example.com/v1", "Deployment", "status: {phase: Odd}");
        assertThat(HealthAssessment.of(custom, List.of()), is(Assessment.ofUnknownKind()));
    }

    @Test
    public void ignoredHealthIsRemarkedAndDoesNotCount() {
        String ignored = "metadata: {annotations: {argocd.argoproj.io/ignore-healthcheck: 'true'}}, ";
        Live.isAssessed(
                Live.of("v1", "Service", ignored + "spec: {type: LoadBalancer}"),
                null,
                "health does not count (argocd.argoproj.io/ignore-healthcheck): Progressing, waiting for the load"
                        + " balancer's address");
        Live.isAssessed(Live.of("v1", "ConfigMap", ignored), null, null);
        Live.isAssessed(
                Live.of(
                        "v1",
                        "Service",
                        "metadata: {annotations: {argocd.argoproj.io/ignore-healthcheck: 'false'}}, spec: {type:"
                                + " LoadBalancer}"),
                PROGRESSING,
                "waiting for the load balancer's address");
    }

    @Test
    public void longMessageKeepsItsBeginningAndItsEnd() {
        Map<String, Object> custom = Live.of(
                "example.com/v1",
                "Widget",
                "status: {conditions: [{type: Stalled, status: 'True', message: begin " + "x ".repeat(1000) + "end}]}");
        String message = HealthAssessment.of(custom, List.of()).message();
        assertThat(message, startsWith("Stalled is True: begin x"));
        assertThat(message, endsWith("x end"));
        assertThat(message.length(), lessThan(420));
    }

    @Test
    public void service() {
        String waiting = "waiting for the load balancer's address";
        Live.isAssessed(Live.of("v1", "Service", ""), HEALTHY, null);
        Live.isAssessed(Live.of("v1", "Service", "spec: {type: ClusterIP}"), HEALTHY, null);
        Live.isAssessed(Live.of("v1", "Service", "spec: {type: LoadBalancer}"), PROGRESSING, waiting);
        Live.isAssessed(
                Live.of("v1", "Service", "spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: []}}"),
                PROGRESSING,
                waiting);
        Live.isAssessed(
                Live.of(
                        "v1",
                        "Service",
                        "spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: [{ip: 10.0.0.1}]}}"),
                HEALTHY,
                null);
    }

    @Test
    public void ingress() {
        String group = "networking.k8s.io/v1";
        Live.isAssessed(Live.of(group, "Ingress", ""), PROGRESSING, "waiting for the ingress controller's address");
        Live.isAssessed(
                Live.of(group, "Ingress", "status: {loadBalancer: {ingress: [{hostname: app.example.com}]}}"),
                HEALTHY,
                null);
    }

    @Test
    public void volumeClaim() {
        String kind = "PersistentVolumeClaim";
        Live.isAssessed(Live.of("v1", kind, "status: {phase: Bound}"), HEALTHY, null);
        Live.isAssessed(Live.of("v1", kind, "status: {phase: Pending}"), PROGRESSING, "waiting for a volume");
        Live.isAssessed(Live.of("v1", kind, "status: {phase: Lost}"), DEGRADED, "the volume is lost");
        Live.isAssessed(Live.of("v1", kind, "status: {phase: Odd}"), UNKNOWN, null);
        Live.isAssessed(Live.of("v1", kind, ""), UNKNOWN, null);
    }

    @Test
    public void fieldsOfAnotherTypeReadAsMissing() {
        Live.isAssessed(
                Live.of("apps/v1", "Deployment", "metadata: [], spec: x, status: {replicas: many, conditions: {}}"),
                PROGRESSING,
                "0 of 1 updated");
        Live.isAssessed(Live.of("v1", "Service", "spec: {type: [LoadBalancer]}"), HEALTHY, null);
        Live.isAssessed(Live.of("batch/v1", "Job", "status: {conditions: [text]}"), PROGRESSING, "the job runs");
    }

    @Test
    public void workloadSaysWhatItsPodsWaitFor() {
        Assessment assessment =
                HealthAssessment.of(UNDER_WAY, List.of(pod("a", "", "{state: {running: {}}}"), PULLING));
        assertThat(
                assessment,
                is(Assessment.progressing("1 of 2 updated; pod b: ImagePullBackOff: Back-off pulling image app:2")));
    }

    @Test
    public void podsReasonStandsAloneWhereTheWorkloadHasNone() {
        Map<String, Object> job = Live.of("batch/v1", "Job", "status: {conditions: [{type: Failed, status: 'True'}]}");
        Map<String, Object> pod = pod("c", "", "{state: {terminated: {exitCode: 2, reason: Error}}}");
        assertThat(HealthAssessment.of(job, List.of(pod)), is(Assessment.degraded("pod c: Error")));
    }

    @Test
    public void podsThatDoWellAreNotSpokenOf() {
        List<Map<String, Object>> pods = List.of(
                pod("a", "", "{state: {running: {}}}"),
                pod("b", "", "{state: {waiting: {reason: ContainerCreating}}}"),
                pod("c", "", "{state: {terminated: {exitCode: 0, reason: Completed}}}"));
        assertThat(HealthAssessment.of(UNDER_WAY, pods), is(Assessment.progressing("1 of 2 updated")));
    }

    @Test
    public void podThatGoesAwayIsNotTheReason() {
        Map<String, Object> old =
                pod("old", ", deletionTimestamp: now", "{state: {terminated: {exitCode: 143, reason: Error}}}");
        assertThat(HealthAssessment.of(UNDER_WAY, List.of(old)), is(Assessment.progressing("1 of 2 updated")));
    }

    @Test
    public void podsDoNotMakeAHealthyResourceLessHealthy() {
        Map<String, Object> healthy = Live.of("apps/v1", "Deployment", "spec: {replicas: 0}");
        assertThat(HealthAssessment.of(healthy, List.of(PULLING)), is(Assessment.HEALTHY));
        Map<String, Object> role = Live.of("rbac.authorization.k8s.io/v1", "Role", "");
        assertThat(HealthAssessment.of(role, List.of(PULLING)), is(Assessment.NONE));
    }

    private static Map<String, Object> pod(String name, String metadata, String container) {
        return Live.of(
                "v1",
                "Pod",
                "metadata: {name: " + name + metadata + "}, status: {phase: Running, containerStatuses: [" + container
                        + "]}");
    }
}
