package io.jenkins.plugins.gitops.core.await;

import static io.jenkins.plugins.gitops.core.await.ApplicationStatusFixture.argo;
import static io.jenkins.plugins.gitops.core.await.ApplicationStatusFixture.flux;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.LATER;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.MINE;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.OLD;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.OTHER;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

/** Every wait reports why it waits, and a wait that can never end is ended. */
public class WaitingReasonsTest {
    private static final String PATH = "services/payments-api/overlays/dev";
    private static final Target ANY = new Target("payments-api", "dev", PATH, null);
    private static final Duration FACT = Duration.ofSeconds(10);
    private static final Duration LASTING = Duration.ofMinutes(2);

    private Target target = ANY;
    private FakeBranch git = FakeBranch.upTo(LATER);

    @Test
    public void blockedApplicationNamesItsReason() throws Exception {
        String why = "automation is off; sync it";
        assertWaiting(argo(MINE, 60).outOfSync(OLD).blocked(why), "payments-api-dev is OutOfSync; " + why);
        assertWaiting(argo(OLD, 60).blocked(why), "Argo CD main is at 00000000, before 11111111; " + why);
        assertWaiting(argo(OTHER, 60).blocked(why), "Argo CD main is at 33333333, which has another image; " + why);
        assertWaiting(argo(OLD, 60).neverCompared().blocked(why), "payments-api-dev could not be compared yet; " + why);
        assertWaiting(
                argo(MINE, 60).applied(OLD).blocked(why), "payments-api-dev has not been applied at 11111111; " + why);
    }

    @Test
    public void outdatedStatusIsNeitherLiveNorFailed() throws Exception {
        String why =
                "Argo CD main has not compared payments-api-dev since 10:04; is its application-controller running?";
        assertWaiting(argo(MINE, 60).outdated(why), why);
        assertWaiting(argo(LATER, 60).failed(LATER, 50, "x").outdated(why), why);
        assertWaiting(
                argo(LATER, 60)
                        .health("Degraded")
                        .resource("payments-api", "Synced", "Degraded", "broken")
                        .outdated(why),
                why);
    }

    @Test
    public void persistentProblemEndsTheWait() throws Exception {
        assertStalled(
                argo(MINE, 60).lasting("the token was refused (401)"),
                "Argo CD main: the token was refused (401)",
                LASTING);
        assertStalled(
                argo(MINE, 60).stale().lasting("there is no shop/web"), "Argo CD main: there is no shop/web", LASTING);
    }

    @Test
    public void revisionThatDoesNotFollowTheBranchEndsTheWait() throws Exception {
        assertStalled(
                argo(OLD, 60).branch("v1"),
                "payments-api-dev has targetRevision v1, which does not follow main: this cannot become live until the"
                        + " application is changed, or v1 gets the change",
                LASTING);
        assertStalled(
                argo(OLD, 60).branch(OLD),
                "payments-api-dev has targetRevision commit 00000000, which does not follow main: this cannot become live"
                        + " until the application is changed",
                FACT);
        // Flux has to report this after the change; an older state may be outdated by lost events.
        assertWaiting(flux(OTHER).branch("release"), "Flux main is at 33333333 of release, which has another image");
        Expectation earlier = new Expectation(
                target, MINE, List.of(), true, ApplicationStatusFixture.T0.minusSeconds(120), Duration.ZERO);
        assertThat(
                AwaitDecision.decide(
                        earlier,
                        List.of(flux(OTHER).branch("release").by("main")),
                        git,
                        ApplicationStatusFixture.T0.plusSeconds(60)),
                is(new Verdict.Stalled(
                        "payments-api-dev follows release, which does not follow main: this cannot become live until the"
                                + " application is changed, or release gets the change",
                        LASTING)));
    }

    @Test
    public void followedBranchIsNotAReason() throws Exception {
        for (String branch : List.of("main", "refs/heads/main", "HEAD", "")) {
            assertWaiting(argo(OLD, 60).branch(branch), "Argo CD main is at 00000000, before 11111111");
        }
    }

    @Test
    public void otherBranchThatHasTheChangeIsLive() throws Exception {
        assertThat(decide(argo(MINE, 60).branch("release")), instanceOf(Verdict.Live.class));
        assertWaiting(argo(MINE, 60).branch("release").health("Progressing"), "payments-api-dev is Progressing");
        assertWaiting(
                argo(FakeBranch.UNFETCHED, 60).branch("release"),
                "Argo CD main is at 99999999 of release, which has not been fetched here yet");
    }

    @Test
    public void commitOfAnUnfollowedBranchIsNotCalledEarlier() throws Exception {
        git = FakeBranch.upTo(LATER).withOldElsewhere();
        assertWaiting(argo(OLD, 60), "Argo CD main is at 00000000, which is not on main and does not have 11111111");
    }

    @Test
    public void applicationOfAnotherFolderEndsTheWait() throws Exception {
        target = deployedBy(null);
        assertStalled(
                argo(MINE, 60).path("services/payments-api/overlays/production"),
                "payments-api-dev deploys services/payments-api/overlays/production and not " + PATH
                        + "; correct the application in gitops.yaml, or set path there if that is intended",
                FACT);
        assertThat(decide(argo(MINE, 60).path("./" + PATH + "/")), instanceOf(Verdict.Live.class));
        assertThat(decide(argo(MINE, 60).path("")), instanceOf(Verdict.Live.class));
    }

    @Test
    public void otherFolderMayBeIntended() throws Exception {
        target = deployedBy("charts/generic");
        assertThat(decide(argo(MINE, 60).path("charts/generic")), instanceOf(Verdict.Live.class));
        assertThat(decide(argo(MINE, 60).path("charts/other")), instanceOf(Verdict.Stalled.class));
        // Without a mapping, the application was found by its folder.
        target = ANY;
        assertThat(decide(argo(MINE, 60).path("charts/other")), instanceOf(Verdict.Live.class));
    }

    @Test
    public void applicationWithImageInItsManifestDeploysAnotherFolder() throws Exception {
        target = deployedBy(null);
        git = FakeBranch.upTo(LATER).inApplication();
        assertThat(decide(argo(MINE, 60).path("child")), instanceOf(Verdict.Live.class));
    }

    @Test
    public void deletedObjectStallsButTerminatingOneDoesNot() throws Exception {
        ApplicationStatusFixture gone = flux(MINE)
                .neverCompared()
                .health("Missing")
                .deleting()
                .message("Kustomization shop/web does not exist; it was deleted at 2026-01-01T10:00:00Z");
        assertThat(
                ((Verdict.Stalled) decide(gone)).summary(),
                endsWith("Kustomization shop/web does not exist; it was deleted at 2026-01-01T10:00:00Z"));
        assertThat(decide(flux(MINE).deleting()), instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void replacedChangeIsSupersededRatherThanStalled() throws Exception {
        git = FakeBranch.replaced(new GitFacts.SupersedingChange(OTHER, "set image to 3", false));
        assertThat(decide(argo(OLD, 60).branch("v1")), instanceOf(Verdict.Superseded.class));
    }

    @Test
    public void stallMustPersistEvenWithoutReports() throws Exception {
        StabilityWindow stabilityWindow = new StabilityWindow();
        List<AgentSnapshot> snapshots =
                List.of(argo(MINE, 60).lasting("the token was refused (401)").by("main"));
        Expectation expectation = expectation();
        Verdict seen = AwaitDecision.decide(expectation, snapshots, git, ApplicationStatusFixture.T0);
        assertThat(
                stabilityWindow.confirm(seen, snapshots, expectation, ApplicationStatusFixture.T0),
                instanceOf(Verdict.Waiting.class));
        assertThat(
                stabilityWindow.confirm(seen, snapshots, expectation, ApplicationStatusFixture.T0.plusSeconds(119)),
                instanceOf(Verdict.Waiting.class));
        assertThat(
                stabilityWindow.confirm(seen, snapshots, expectation, ApplicationStatusFixture.T0.plusSeconds(120)),
                is(seen));
    }

    private static Target deployedBy(String path) {
        return ANY.withAgent(new AgentReference(AgentKind.ARGO_CD, "main", "payments-api-dev", path, false));
    }

    private Expectation expectation() {
        return new Expectation(target, MINE, List.of(), true, ApplicationStatusFixture.T0, Duration.ZERO);
    }

    private Verdict decide(ApplicationStatusFixture applicationStatusFixture) throws IOException {
        return AwaitDecision.decide(
                expectation(),
                List.of(applicationStatusFixture.by("main")),
                git,
                ApplicationStatusFixture.T0.plusSeconds(60));
    }

    private void assertWaiting(ApplicationStatusFixture applicationStatusFixture, String summary) throws IOException {
        Verdict verdict = decide(applicationStatusFixture);
        assertThat(verdict.summary(), is(summary));
        assertThat(verdict, instanceOf(Verdict.Waiting.class));
    }

    private void assertStalled(ApplicationStatusFixture applicationStatusFixture, String summary, Duration settle)
            throws IOException {
        assertThat(decide(applicationStatusFixture), is(new Verdict.Stalled(summary, settle)));
    }
}
