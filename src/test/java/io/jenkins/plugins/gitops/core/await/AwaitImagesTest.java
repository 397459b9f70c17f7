package io.jenkins.plugins.gitops.core.await;

import static io.jenkins.plugins.gitops.core.await.ApplicationStatusFixture.argo;
import static io.jenkins.plugins.gitops.core.await.ApplicationStatusFixture.flux;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.MINE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

/** Live means that the image of the change runs, and a wait reports why it does not. */
public class AwaitImagesTest {
    private static final String IMAGE = "registry.example.com/web:2.0";
    private static final String KUSTOMIZE = "spec.source.kustomize.images";

    private ImagePolicy policy = ImagePolicy.WHERE_SEEN;
    private boolean healthy = true;
    private List<ImageReference> named = List.of(new ImageReference("registry.example.com/web", "2.0", null));
    private FakeBranch git = FakeBranch.upTo(MINE).setting(IMAGE);

    @Test
    public void imageThatRunsIsLive() throws Exception {
        assertLive(argo(MINE, 60).runs(IMAGE), ImageProof.RUNNING, "live at 11111111, Healthy");
        assertLive(
                argo(MINE, 60).runs("registry.example.com/sidecar:1").runs(IMAGE + "@sha256:" + "a".repeat(64)),
                ImageProof.RUNNING,
                "live at 11111111, Healthy");
    }

    @Test
    public void changeThatSetNoImageNeedsNone() throws Exception {
        git = FakeBranch.upTo(MINE);
        assertLive(argo(MINE, 60).seesImages(), ImageProof.NONE, "live at 11111111, Healthy");
    }

    @Test
    public void invisibleImageIsReported() throws Exception {
        assertLive(flux(MINE), ImageProof.NOT_SEEN, "live at 11111111, Healthy; image not seen");
        policy = ImagePolicy.WARN;
        assertLive(flux(MINE), ImageProof.NOT_SEEN, "live at 11111111, Healthy; image not seen");
        policy = ImagePolicy.REQUIRED;
        assertWaiting(
                argo(MINE, 60),
                "payments-api-dev is Synced at 11111111, but Argo CD main cannot see which images are running");
    }

    @Test
    public void anImageWhoseNameNothingSaysIsNeverSeen() throws Exception {
        git = FakeBranch.upTo(MINE).setting("image:2.0").unnamed();
        named = List.of(new ImageReference("image", "2.0", null));
        String reason =
                "nothing in Git says what image image:2.0 is called; write its name below images in gitops.yaml";
        assertLive(
                argo(MINE, 60).runs("image:2.0"),
                ImageProof.NOT_SEEN,
                "live at 11111111, Healthy; image not seen: " + reason);
        policy = ImagePolicy.REQUIRED;
        assertWaiting(argo(MINE, 60).runs("image:2.0"), "payments-api-dev is Synced at 11111111, but " + reason);
    }

    @Test
    public void otherImageIsNotLiveEvenWhenSyncedAndHealthy() throws Exception {
        assertWaiting(
                argo(MINE, 60).runs("registry.example.com/web:1.0"),
                "payments-api-dev is Synced at 11111111, but registry.example.com/web:2.0 is not running"
                        + " anywhere (running: registry.example.com/web:1.0)");
        policy = ImagePolicy.WARN;
        assertLive(
                argo(MINE, 60).runs("registry.example.com/web:1.0"),
                ImageProof.NOT_RUNNING,
                "live at 11111111, Healthy; registry.example.com/web:2.0 is not running"
                        + " anywhere (running: registry.example.com/web:1.0)");
    }

    @Test
    public void overrideIsNamedWithItsLocation() throws Exception {
        assertWaiting(
                argo(MINE, 60).runs("registry.example.com/web:9.9").override(KUSTOMIZE, "registry.example.com/web:9.9"),
                "payments-api-dev is Synced at 11111111, but registry.example.com/web:2.0 is not running anywhere"
                        + " (running: registry.example.com/web:9.9): overridden by spec.source.kustomize.images of"
                        + " payments-api-dev: registry.example.com/web:9.9; remove that, or change it");
        assertWaiting(
                argo(MINE, 60).runs("mirror/web:9.9").override(KUSTOMIZE, "registry.example.com/web=mirror/web:9.9"),
                "payments-api-dev is Synced at 11111111, but registry.example.com/web:2.0 is not running anywhere"
                        + " (running: mirror/web:9.9): overridden by spec.source.kustomize.images of payments-api-dev:"
                        + " registry.example.com/web=mirror/web:9.9; remove that, or change it");
    }

    @Test
    public void overrideOfAnotherImageOrWithTheSameImageIsIgnored() throws Exception {
        assertLive(
                argo(MINE, 60).runs(IMAGE).override(KUSTOMIZE, "registry.example.com/sidecar:3"),
                ImageProof.RUNNING,
                "live at 11111111, Healthy");
        assertLive(
                argo(MINE, 60).runs(IMAGE).override(KUSTOMIZE, IMAGE), ImageProof.RUNNING, "live at 11111111, Healthy");
    }

    @Test
    public void omittedParametersAreNamed() throws Exception {
        assertWaiting(
                argo(MINE, 60)
                        .runs("registry.example.com/web:1.0")
                        .override("spec.ignoreDifferences", "apps/Deployment /spec/template/spec/containers/0/image"),
                "payments-api-dev is Synced at 11111111, but registry.example.com/web:2.0 is not running anywhere"
                        + " (running: registry.example.com/web:1.0): it may be excluded by spec.ignoreDifferences of"
                        + " payments-api-dev: apps/Deployment /spec/template/spec/containers/0/image");
    }

    @Test
    public void unusedImageNameIsReported() throws Exception {
        assertWaiting(
                argo(MINE, 60).runs("registry.example.com/webb:0.9"),
                "payments-api-dev is Synced at 11111111, but no live workload of payments-api-dev uses"
                        + " registry.example.com/web (running: registry.example.com/webb:0.9); if that is intended, set"
                        + " image: warn in gitops.yaml");
        assertWaiting(
                argo(MINE, 60).seesImages(),
                "payments-api-dev is Synced at 11111111, but no live workload of payments-api-dev uses"
                        + " registry.example.com/web (running: no workload); if that is intended, set image:"
                        + " warn in gitops.yaml");
    }

    @Test
    public void podsRunningTheOldImageAreAwaited() throws Exception {
        ApplicationStatusFixture rolling =
                argo(MINE, 60).runs("registry.example.com/web:1.0").runsNotReady(IMAGE, "1 of 3 updated");
        assertWaiting(
                rolling,
                "payments-api-dev is Synced at 11111111, but registry.example.com/web:2.0 is not what all pods of"
                        + " Deployment ns/payments-api run: 1 of 3 updated");
        healthy = false;
        assertLive(rolling, ImageProof.RUNNING, "live at 11111111, Healthy");
    }

    @Test
    public void allImagesOfTheChangeMustRun() throws Exception {
        git = FakeBranch.upTo(MINE).setting(IMAGE, "registry.example.com/worker:2.0");
        assertWaiting(
                argo(MINE, 60).runs(IMAGE),
                "payments-api-dev is Synced at 11111111, but no live workload of payments-api-dev uses"
                        + " registry.example.com/worker (running: registry.example.com/web:2.0); if that is"
                        + " intended, set image: warn in gitops.yaml");
        // For a revision that the user named, the images that it set are unknown.
        named = List.of();
        assertLive(argo(MINE, 60).runs(IMAGE), ImageProof.RUNNING, "live at 11111111, Healthy");
        assertThat(
                decide(argo(MINE, 60).runs(IMAGE).runs("registry.example.com/worker:1.0")),
                instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void imageInApplicationManifestMustBeInTheLiveApplication() throws Exception {
        git = FakeBranch.upTo(MINE).setting(IMAGE).inApplication();
        assertWaiting(
                argo(MINE, 60).runs("registry.example.com/web:1.0").override(KUSTOMIZE, "registry.example.com/web:1.0"),
                "payments-api-dev is Synced at 11111111, but payments-api-dev still has spec.source.kustomize.images"
                        + " of payments-api-dev: registry.example.com/web:1.0, since what applies its manifest has not"
                        + " synced 11111111 yet");
        assertLive(
                argo(MINE, 60).runs(IMAGE).override(KUSTOMIZE, IMAGE), ImageProof.RUNNING, "live at 11111111, Healthy");
        assertLive(
                argo(MINE, 60).runs(IMAGE).override("spec.source.helm.parameters", "image.tag=2.0"),
                ImageProof.RUNNING,
                "live at 11111111, Healthy");
        assertThat(decide(argo(MINE, 60)), instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void failureOfAnOverrideDoesNotFailTheChange() throws Exception {
        ApplicationStatusFixture broken = argo(MINE, 60)
                .runsNotReady("registry.example.com/web:9.9", "ImagePullBackOff")
                .health("Degraded")
                .resource("payments-api", "Synced", "Degraded", "exceeded its progress deadline");
        assertThat(decide(broken), instanceOf(Verdict.Failed.class));
        assertThat(
                decide(broken.override(KUSTOMIZE, "registry.example.com/web:9.9")), instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void allClustersOfOneFolderMustRunTheImage() throws Exception {
        Verdict both = AwaitDecision.decide(
                expectation(),
                List.of(
                        argo(MINE, 60).name("web-eu").runs(IMAGE).by("main"),
                        argo(MINE, 60)
                                .name("web-us")
                                .runs("registry.example.com/web:1.0")
                                .by("main")),
                git,
                ApplicationStatusFixture.T0);
        assertThat(
                both,
                is(new Verdict.Waiting(
                        "1 of 2 are live; web-us: web-us is Synced at 11111111, but registry.example.com/web:2.0 is"
                                + " not running anywhere (running: registry.example.com/web:1.0)")));
        Verdict unseen = AwaitDecision.decide(
                expectation(),
                List.of(
                        argo(MINE, 60).name("web-eu").runs(IMAGE).by("main"),
                        argo(MINE, 60).name("web-us").by("main")),
                git,
                ApplicationStatusFixture.T0);
        assertThat(((Verdict.Live) unseen).image(), is(ImageProof.NOT_SEEN));
    }

    private Expectation expectation() {
        Target target = new Target("payments-api", "dev", "services/payments-api/overlays/dev", null);
        return new Expectation(target, MINE, named, healthy, ApplicationStatusFixture.T0, Duration.ZERO, policy);
    }

    private Verdict decide(ApplicationStatusFixture applicationStatusFixture) throws IOException {
        return AwaitDecision.decide(
                expectation(),
                List.of(applicationStatusFixture.by("main")),
                git,
                ApplicationStatusFixture.T0.plusSeconds(60));
    }

    private void assertLive(ApplicationStatusFixture applicationStatusFixture, ImageProof proof, String summary)
            throws IOException {
        Verdict verdict = decide(applicationStatusFixture);
        assertThat(verdict.summary(), is(summary));
        assertThat(((Verdict.Live) verdict).image(), is(proof));
    }

    private void assertWaiting(ApplicationStatusFixture applicationStatusFixture, String summary) throws IOException {
        Verdict verdict = decide(applicationStatusFixture);
        assertThat(verdict.summary(), is(summary));
        assertThat(verdict, instanceOf(Verdict.Waiting.class));
    }
}
