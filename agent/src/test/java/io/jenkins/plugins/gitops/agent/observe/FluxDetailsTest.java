package io.jenkins.plugins.gitops.agent.observe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/**
 * Status details besides revision and health: why nothing happens, which images run, what overrides Git, and the age of
 * the status.
 */
public class FluxDetailsTest {
    @Test
    public void targetIsFoundBySourceBranchAndPath() throws Exception {
        ApplicationStatus status = FluxSituation.read("healthy").status();

        assertThat(status.name(), is("Kustomization/flux-system/shop-healthy"));
        assertThat(status.repository(), is("https://git.example.com/config.git"));
        assertThat(status.path(), is("services/shop-healthy/overlays/dev"));
        assertThat(status.details().branch(), is("main"));
        assertThat(status.deployer(), is(AgentKind.FLUX));
    }

    @Test
    public void imageOfAReadyWorkloadIsRunning() throws Exception {
        ApplicationStatus status = FluxSituation.read("healthy").status();

        assertThat(
                status.details().running(),
                contains(new RunningImage(
                        "registry.example.com/shop/healthy:1.1.0", "Deployment shop-healthy/healthy", true, null)));
        assertThat(status.resources(), is(empty()));
        assertThat(status.details().outdated(), is(nullValue()));
        assertThat(status.details().blocked(), is(nullValue()));
    }

    @Test
    public void imageOfAHalfRolledOutWorkloadIsNotReady() throws Exception {
        RunningImage image = FluxSituation.read("wait-false-not-ready")
                .status()
                .details()
                .running()
                .get(0);

        assertThat(image.image(), is("registry.example.com/shop/nowait:1.1.0-bad"));
        assertThat(image.ready(), is(false));
        assertThat(image.message(), is("1 of 2 pods updated"));
    }

    @Test
    public void suspendedObjectsAndSourcesBlock() throws Exception {
        assertThat(
                blocked("kustomization-suspended"),
                startsWith("Kustomization flux-system/shop-paused is suspended at eae85173; resume it"));
        assertThat(
                blocked("gitrepository-suspended"),
                startsWith("GitRepository flux-system/shop-frozen is suspended at eae85173; resume it"));
    }

    @Test
    public void suspendedObjectThatWasNeverReconciledIsNotSyncing() throws Exception {
        FluxSituation situation = FluxSituation.read("healthy");
        FluxObject paused = FluxObject.of(Map.of(
                "apiVersion",
                "kustomize.toolkit.fluxcd.io/v1",
                "kind",
                "Kustomization",
                "metadata",
                Map.of("name", "paused", "namespace", "flux-system", "generation", 1),
                "spec",
                Map.of("suspend", true, "path", "./apps/paused")));

        ApplicationStatus status = KustomizationStatus.of(
                paused,
                situation.source(),
                new WorkloadInventory(List.of(), List.of(), List.of(), null),
                List.of(),
                situation.now());

        assertThat(status.operation(), is(nullValue()));
        assertThat(
                status.details().blocked(),
                startsWith("Kustomization flux-system/paused is suspended; resume it (flux resume"));
    }

    @Test
    public void stagesAreReportedWithoutRevisionAndOnlyWhenTheyPersist() throws Exception {
        assertThat(FluxSituation.read("reconciling").status().operation().message(), is("Running health checks"));
    }

    @Test
    public void unreadableSourceBlocksWithItsOwnMessage() throws Exception {
        String blocked = blocked("source-cannot-be-read");

        assertThat(
                blocked,
                startsWith("GitRepository flux-system/shop-unread cannot be read since 2026-11-29T19:17:14Z: "));
        assertThat(blocked, containsString("repository not found"));
        assertThat(blocked, containsString("its last artifact is eae85173"));
    }

    @Test
    public void failingDependencyIsNamedWithItsProblem() throws Exception {
        assertThat(
                blocked("dependency-not-ready"),
                startsWith("dependency 'flux-system/shop-base' is not ready (HealthCheckFailed: "));
    }

    @Test
    public void missingSourceBlocks() throws Exception {
        FluxSituation situation = FluxSituation.read("healthy");

        ApplicationStatus status = KustomizationStatus.of(
                situation.kustomization(), null, situation.inventory(), List.of(), situation.now());

        assertThat(
                status.details().blocked(),
                is("its source GitRepository flux-system/config does not exist or cannot be seen by the observer"));
        assertThat(status.repository(), is(""));
    }

    @Test
    public void overridesInTheSpecAreReported() throws Exception {
        assertThat(
                FluxSituation.read("images-override").status().details().overrides(),
                contains(new LiveOverride("spec.images", "registry.example.com/shop/pinned:1.0.0")));
    }

    @Test
    public void unreconciledWorkloadsAreReported() throws Exception {
        assertThat(
                FluxSituation.read("reconcile-disabled").status().details().overrides(),
                contains(new LiveOverride(
                        "kustomize.toolkit.fluxcd.io/reconcile: disabled of Deployment shop-handsoff/handsoff", null)));
    }

    @Test
    public void patchesSubstitutionsAndIgnoredFilesAreReported() throws Exception {
        FluxSituation situation = FluxSituation.read("healthy");
        Map<String, Object> object = situation.json("kustomization");
        Map<String, Object> spec = JsonTree.child(object, "spec");
        spec.put("patches", List.of(Map.of("patch", "- op: replace\n  path: /spec/image")));
        spec.put("postBuild", Map.of("substitute", Map.of("tag", "1.0.0")));
        Map<String, Object> source = situation.json("gitRepository");
        JsonTree.child(source, "spec").put("ignore", "/services\n");

        ApplicationStatus status = KustomizationStatus.of(
                FluxObject.of(object), FluxSource.of(source), WorkloadInventory.EMPTY, List.of(), situation.now());

        assertThat(
                status.details().overrides(),
                contains(
                        new LiveOverride("spec.patches", "- op: replace path: /spec/image"),
                        new LiveOverride("spec.postBuild.substitute.tag", "1.0.0"),
                        new LiveOverride("spec.ignore of GitRepository flux-system/config", "/services")));
    }

    @Test
    public void healthIsUnknownWithoutVisibleWorkloadsOrHealthChecks() throws Exception {
        FluxSituation unchecked = FluxSituation.read("wait-false-not-ready");
        WorkloadInventory unseen =
                new WorkloadInventory(List.of(), List.of(), List.of(), "deployments cannot be listed");

        ApplicationStatus status = KustomizationStatus.of(
                unchecked.kustomization(), unchecked.source(), unseen, List.of(), unchecked.now());

        assertThat(status.health(), is("Unknown"));
        assertThat(status.details().running(), is(nullValue()));
        assertThat(status.message(), is("deployments cannot be listed"));
        FluxSituation checked = FluxSituation.read("healthy");
        assertThat(
                KustomizationStatus.of(checked.kustomization(), checked.source(), unseen, List.of(), checked.now())
                        .health(),
                is("Healthy"));
    }

    @Test
    public void missingWorkloadIsMissing() throws Exception {
        FluxSituation situation = FluxSituation.read("healthy");
        WorkloadInventory inventory = new WorkloadInventory(
                List.of(), List.of(new WorkloadKey("apps", "Deployment", "shop", "web")), List.of(), null);

        ApplicationStatus status = KustomizationStatus.of(
                situation.kustomization(), situation.source(), inventory, List.of(), situation.now());

        assertThat(status.health(), is("Missing"));
        assertThat(status.resources().get(0).label(), is("Deployment web"));
    }

    @Test
    public void failedHealthCheckOfAnUnassessedKindCounts() throws Exception {
        FluxSituation situation = FluxSituation.read("health-check-failed");

        ApplicationStatus status = KustomizationStatus.of(
                situation.kustomization(), situation.source(), WorkloadInventory.EMPTY, List.of(), situation.now());

        assertThat(status.health(), is("Degraded"));
        assertThat(status.resources().get(0).label(), is("Deployment failing"));
    }

    @Test
    public void healthyWorkloadsWaitForTheNextReconciliation() throws Exception {
        FluxSituation situation = FluxSituation.read("in-progress-at-timeout");

        ApplicationStatus status = KustomizationStatus.of(
                situation.kustomization(),
                situation.source(),
                FluxSituation.read("healthy").inventory(),
                List.of(),
                situation.now());

        assertThat(status.health(), is("Progressing"));
    }

    @Test
    public void changedSpecIsNotAppliedYet() throws Exception {
        FluxSituation situation = FluxSituation.read("healthy");
        Map<String, Object> object = situation.json("kustomization");
        JsonTree.child(object, "metadata").put("generation", 2);

        ApplicationStatus status = KustomizationStatus.of(
                FluxObject.of(object), situation.source(), situation.inventory(), List.of(), situation.now());

        assertThat(status.sync(), is("OutOfSync"));
        assertThat(status.operation().phase(), is("Running"));
        assertThat(status.operation().message(), is("its spec was changed and has not been observed yet"));
    }

    @Test
    public void statusOlderThanItsPeriodIsOutdated() throws Exception {
        assertThat(outdated("healthy", Duration.ofMinutes(3)), is(nullValue()));
        assertThat(
                outdated("healthy", Duration.ofMinutes(6)),
                containsString("has not been reconciled since 2026-11-29T19:17:40Z, though its interval is 60 s; is its"
                        + " kustomize-controller running?"));
        assertThat(outdated("controller-restarted", Duration.ofMinutes(1)), is(nullValue()));
        assertThat(
                outdated("controller-restarted", Duration.ofMinutes(3)),
                containsString("has been reconciling since 2026-11-29T19:17:37Z, longer than its timeout of 90 s"));
        assertThat(
                outdated("dry-run-failed", Duration.ofMinutes(5)),
                containsString("has not been tried again since 2026-11-29T19:17:47Z"));
        assertThat(outdated("kustomization-suspended", Duration.ofDays(2)), is(nullValue()));
    }

    @Test
    public void unansweredRequestIsOutdated() throws Exception {
        FluxSituation situation = FluxSituation.read("healthy");
        Map<String, Object> object = situation.json("kustomization");
        JsonTree.child(object, "metadata", "annotations").put(FluxSource.REQUESTED_AT, "2026-11-29T19:17:41Z");

        Instant later = situation.now().plus(Duration.ofMinutes(2));
        ApplicationStatus status = KustomizationStatus.of(
                FluxObject.of(object), situation.source(), situation.inventory(), List.of(), later);

        assertThat(
                status.details().outdated(),
                containsString("has not answered the request of 2026-11-29T19:17:41Z to reconcile"));
        JsonTree.child(object, "status").put("lastHandledReconcileAt", "2026-11-29T19:17:41Z");
        assertThat(
                KustomizationStatus.of(
                                FluxObject.of(object), situation.source(), situation.inventory(), List.of(), later)
                        .details()
                        .outdated(),
                is(nullValue()));
    }

    @Test
    public void deletedKustomizationIsAwaitedByName() throws Exception {
        FluxSituation situation = FluxSituation.read("kustomization-gone");

        assertThat(situation.verdict().getClass().getSimpleName().toLowerCase(), in(situation.right()));
        assertThat(situation.verdict().summary(), containsString("Kustomization/flux-system/shop-healthy"));
    }

    @Test
    public void inventoryEntriesAreRead() throws Exception {
        assertThat(
                WorkloadKey.ofInventory("shop_web_apps_Deployment"),
                is(new WorkloadKey("apps", "Deployment", "shop", "web")));
        assertThat(WorkloadKey.ofInventory("shop_web__ConfigMap"), is(new WorkloadKey("", "ConfigMap", "shop", "web")));
        assertThat(
                WorkloadKey.ofInventory("_system__node_rbac.authorization.k8s.io_ClusterRole"),
                is(new WorkloadKey("rbac.authorization.k8s.io", "ClusterRole", "", "system:node")));
        assertThat(WorkloadKey.ofInventory("shop_web"), is(nullValue()));
        assertThat(
                FluxSituation.read("healthy").kustomization().inventory(),
                hasItem(new WorkloadKey("apps", "Deployment", "shop-healthy", "healthy")));
    }

    private static String blocked(String name) throws Exception {
        return FluxSituation.read(name).status().details().blocked();
    }

    private static String outdated(String name, Duration later) throws Exception {
        FluxSituation situation = FluxSituation.read(name);
        return KustomizationStatus.of(
                        situation.kustomization(),
                        situation.source(),
                        situation.inventory(),
                        List.of(),
                        situation.now().plus(later))
                .details()
                .outdated();
    }
}
