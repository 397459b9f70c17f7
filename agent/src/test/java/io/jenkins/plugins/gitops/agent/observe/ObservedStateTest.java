package io.jenkins.plugins.gitops.agent.observe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The state of workloads when watch events and responses about their pods overlap. */
public class ObservedStateTest {
    private static final ResourceKind DEPLOYMENT =
            ObservedKinds.workload("apps/Deployment").orElseThrow();
    private static final HealthStatus PULLING = new HealthStatus(Health.DEGRADED, "pod web-1: ImagePullBackOff");

    private final ObservedState state = new ObservedState(new FullVisibility(), () -> {}, Clock.systemUTC());

    private static final class FullVisibility implements WorkloadVisibility {
        @Override
        public void require(String groupKind) {
            // Everything is watched.
        }

        @Override
        public String problem(String groupKind, String namespace) {
            return null;
        }
    }

    private ObservedWorkload see(String version, int updated) {
        state.workloads.put(
                DEPLOYMENT,
                ObservedWorkload.of(
                        DEPLOYMENT,
                        Map.of(
                                "apiVersion",
                                "apps/v1",
                                "kind",
                                "Deployment",
                                "metadata",
                                Map.of(
                                        "name",
                                        "web",
                                        "namespace",
                                        "shop",
                                        "uid",
                                        "1",
                                        "generation",
                                        2,
                                        "resourceVersion",
                                        version),
                                "spec",
                                Map.of(
                                        "replicas",
                                        2,
                                        "template",
                                        Map.of("spec", Map.of("containers", List.of(Map.of("image", "web:2"))))),
                                "status",
                                Map.of(
                                        "observedGeneration",
                                        2,
                                        "replicas",
                                        2,
                                        "updatedReplicas",
                                        updated,
                                        "availableReplicas",
                                        2,
                                        "readyReplicas",
                                        2))));
        return seen();
    }

    private ObservedWorkload seen() {
        return state.workloads.get(new WorkloadKey("apps", "Deployment", "shop", "web"));
    }

    @Test
    public void latePodDetailsDoNotRestoreAnOldState() {
        ObservedWorkload asked = see("10", 1);
        see("11", 2);
        state.explain(asked, PULLING);
        assertThat(seen().assessment().health(), is(Health.HEALTHY));
        see("12", 2);
        assertThat(seen().assessment().health(), is(Health.HEALTHY));
    }

    @Test
    public void podReasonIsKeptWhileTheWorkloadStatusIsUnchanged() {
        state.explain(see("10", 1), PULLING);
        assertThat(seen().assessment(), is(PULLING));
        see("11", 1);
        assertThat(seen().assessment(), is(PULLING));
        see("12", 2);
        assertThat(seen().assessment().health(), is(Health.HEALTHY));
    }

    @Test
    public void deletedObjectIsReportedUntilAnotherDeploysItsFolder() {
        state.sources.put(
                ObservedKinds.SOURCES.get(0),
                FluxSource.of(Map.of(
                        "kind",
                        "GitRepository",
                        "metadata",
                        Map.of("name", "config", "namespace", "flux-system"),
                        "spec",
                        Map.of("url", "https://git.example.com/config.git"))));
        FluxObject old = kustomization("old");
        state.objects.put(ObservedKinds.KUSTOMIZATION, old);
        state.objects.remove(ObservedKinds.KUSTOMIZATION, old);
        assertThat(names(), contains("Kustomization/flux-system/old"));

        state.objects.put(ObservedKinds.KUSTOMIZATION, kustomization("new"));
        assertThat(names(), contains("Kustomization/flux-system/new"));
    }

    private List<String> names() {
        return state.statuses().stream().map(ApplicationStatus::name).toList();
    }

    private static FluxObject kustomization(String name) {
        return FluxObject.of(Map.of(
                "kind",
                "Kustomization",
                "metadata",
                Map.of("name", name, "namespace", "flux-system", "generation", 1),
                "spec",
                Map.of("path", "./apps/web", "sourceRef", Map.of("kind", "GitRepository", "name", "config"))));
    }
}
