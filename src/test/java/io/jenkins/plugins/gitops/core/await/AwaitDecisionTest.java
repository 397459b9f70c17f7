package io.jenkins.plugins.gitops.core.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** The races of a wait, one by one. History in these tables: OLD, then MINE, then LATER (still mine), then OTHER. */
public class AwaitDecisionTest {
    private static final String OLD = "0".repeat(40);
    private static final String MINE = "1".repeat(40);
    private static final String LATER = "2".repeat(40);
    private static final String OTHER = "3".repeat(40);
    private static final Instant T0 = Instant.parse("2026-01-01T10:00:00Z");
    private static final Expectation EXPECTATION = new Expectation(
            new Target("payments-api", "dev", "services/payments-api/overlays/dev", null), MINE, List.of(), true);

    private String tip = LATER;
    private GitFacts.SupersedingChange supersedingChange;

    @Test
    public void nothingReportedYetIsWaiting() throws Exception {
        assertWaiting(decide(), "no agent has reported services/payments-api/overlays/dev yet");
    }

    @Test
    public void allAgentsOfOneFolderMustBeLive() throws Exception {
        AgentSnapshot live = snapshot(synced(MINE));
        Verdict all = decide(live, new AgentSnapshot("other", T0, false, synced(LATER)));
        assertThat(all, instanceOf(Verdict.Live.class));
        assertThat(all.summary(), is("agent dev: live at 11111111, Healthy; agent other: live at 22222222, Healthy"));
        assertWaiting(
                decide(live, new AgentSnapshot("other", T0, false, synced(OLD))),
                "1 of 2 are live; agent other: agent other is at 00000000, before 11111111");
    }

    @Test
    public void oneFailureAmongSeveralFails() throws Exception {
        Verdict failed = decide(
                snapshot(synced(MINE)),
                ApplicationStatusFixture.of(MINE)
                        .health("Degraded")
                        .resource("payments-api", "Synced", "Degraded", "ImagePullBackOff")
                        .by("other"));
        assertThat(failed, instanceOf(Verdict.Failed.class));
        assertThat(
                failed.summary(),
                is("agent other: synced to 11111111 but Degraded (Deployment payments-api: ImagePullBackOff)"));
    }

    @Test
    public void silentAgentIsNeverLive() throws Exception {
        assertWaiting(
                decide(new AgentSnapshot("dev", T0, true, synced(MINE))),
                "agent dev has not reported since 2026-01-01T10:00:00Z");
    }

    @Test
    public void syncedAndHealthyAtMyCommitIsLive() throws Exception {
        assertThat(((Verdict.Live) decide(snapshot(synced(MINE)))).syncedRevision(), is(MINE));
    }

    @Test
    public void laterCommitWithMyValueIsLiveToo() throws Exception {
        assertThat(((Verdict.Live) decide(snapshot(synced(LATER)))).syncedRevision(), is(LATER));
    }

    @Test
    public void healthyOldRevisionDoesNotPass() throws Exception {
        assertWaiting(decide(snapshot(synced(OLD))), "agent dev is at 00000000, before 11111111");
    }

    @Test
    public void unfetchedRevisionDoesNotPass() throws Exception {
        assertWaiting(
                decide(snapshot(synced("9".repeat(40)))),
                "agent dev is at 99999999, which has not been fetched here yet");
    }

    @Test
    public void failedComparisonIsWaitingWithItsReason() throws Exception {
        ApplicationStatus status = new ApplicationStatus(
                "payments-api-dev", "u", "p", null, OLD, "Unknown", "Healthy", null, null, null, "Git is away", at(0));
        assertWaiting(decide(snapshot(status)), "payments-api-dev could not be compared: Git is away");
    }

    @Test
    public void runningSyncIsWaitingEvenIfThePreviousStateLooksGood() throws Exception {
        assertWaiting(
                decide(snapshot(status(
                        MINE,
                        MINE,
                        "Synced",
                        "Healthy",
                        new OperationState("Running", MINE, at(0), null, 0, null),
                        at(5)))),
                "syncing 11111111");
    }

    @Test
    public void healthOfBeforeTheSyncDoesNotCount() throws Exception {
        assertWaiting(
                decide(snapshot(status(
                        MINE,
                        MINE,
                        "Synced",
                        "Healthy",
                        new OperationState("Succeeded", MINE, at(0), at(5), 0, null),
                        at(4)))),
                "health was last observed before the sync finished");
    }

    @Test
    public void identicalRenderIsLiveWithoutOperationForMyCommit() throws Exception {
        OperationState old = new OperationState("Succeeded", OLD, at(-60), at(-50), 0, null);
        assertThat(
                decide(snapshot(status(MINE, MINE, "Synced", "Healthy", old, at(5)))), instanceOf(Verdict.Live.class));
    }

    @Test
    public void comparedButNotAppliedIsWaiting() throws Exception {
        assertWaiting(
                decide(snapshot(status(MINE, OLD, "Synced", "Healthy", null, at(5)))),
                "payments-api-dev has not been applied at 11111111");
    }

    @Test
    public void progressNamesTheResources() throws Exception {
        ApplicationStatus status = new ApplicationStatus(
                "payments-api-dev",
                "u",
                "p",
                MINE,
                MINE,
                "Synced",
                "Progressing",
                null,
                null,
                List.of(new ResourceStatus(
                        "Deployment", "ns", "payments-api", "Synced", "Progressing", "1 of 3 updated")),
                null,
                at(5));
        assertUnready(
                decide(snapshot(status)), "payments-api-dev is Progressing (Deployment payments-api: 1 of 3 updated)");
    }

    @Test
    public void degradedAfterTheSyncFailsWithTheClustersMessage() throws Exception {
        ApplicationStatus status = new ApplicationStatus(
                "payments-api-dev",
                "u",
                "p",
                MINE,
                MINE,
                "Synced",
                "Degraded",
                null,
                null,
                List.of(new ResourceStatus(
                        "Deployment", "ns", "payments-api", "Synced", "Degraded", "ImagePullBackOff")),
                null,
                at(5));
        Verdict.Failed failed = (Verdict.Failed) decide(snapshot(status));
        assertThat(failed.summary(), is("synced to 11111111 but Degraded (Deployment payments-api: ImagePullBackOff)"));
        assertThat(failed.resources().size(), is(1));
        assertThat(
                "a rollback shows the missed deadline of before for a moment",
                failed.confirmFor().toSeconds(),
                is(3L));
    }

    @Test
    public void degradedOldRevisionIsNotMyFailure() throws Exception {
        assertThat(
                decide(snapshot(status(OLD, OLD, "Synced", "Degraded", null, at(5)))),
                instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void failedSyncOfMyCommitFails() throws Exception {
        tip = MINE;
        OperationState operationState =
                new OperationState("Failed", MINE, at(0), at(5), 3, "namespaces \"x\" not found");
        Verdict verdict = decide(snapshot(status(MINE, OLD, "OutOfSync", "Healthy", operationState, at(6))));
        assertThat(verdict, instanceOf(Verdict.Failed.class));
        assertThat(verdict.summary(), is("sync of 11111111 failed: namespaces \"x\" not found"));
    }

    @Test
    public void failedSyncOfAnOlderCommitIsIgnored() throws Exception {
        OperationState operationState = new OperationState("Failed", OLD, at(0), at(5), 3, "gone by");
        assertThat(
                decide(snapshot(status(MINE, OLD, "OutOfSync", "Healthy", operationState, at(6)))),
                instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void failedSyncFailsEvenWhenSyncedAndHealthy() throws Exception {
        tip = MINE;
        OperationState operationState = new OperationState("Failed", MINE, at(0), at(5), 3, "hook smoke failed");
        assertThat(
                decide(snapshot(status(MINE, MINE, "Synced", "Healthy", operationState, at(6)))),
                instanceOf(Verdict.Failed.class));
        // Nothing was synced since then, and the newest state was compared.
        tip = LATER;
        assertThat(
                decide(snapshot(status(LATER, LATER, "Synced", "Healthy", operationState, at(6)))),
                instanceOf(Verdict.Failed.class));
    }

    @Test
    public void failedSyncIsAwaitedWhileANewerStateIsUntried() throws Exception {
        OperationState operationState = new OperationState("Failed", MINE, at(0), at(5), 3, "field is immutable");
        assertWaiting(
                decide(snapshot(status(MINE, OLD, "OutOfSync", "Healthy", operationState, at(6)))),
                "sync of 11111111 failed: field is immutable; the branch is at 22222222, which has not been tried yet");
    }

    @Test
    public void appliedIsEnoughWhenHealthIsNotRequired() throws Exception {
        Expectation applied = new Expectation(EXPECTATION.target(), MINE, List.of(), false);
        Verdict verdict = AwaitDecision.decide(
                applied, List.of(snapshot(status(MINE, MINE, "Synced", "Progressing", null, at(5)))), branch(), T0);
        assertThat(verdict, instanceOf(Verdict.Live.class));
    }

    @Test
    public void suspendedIsNotHealthy() throws Exception {
        assertWaiting(
                decide(snapshot(status(MINE, MINE, "Synced", "Suspended", null, at(5)))),
                "payments-api-dev is paused; resume it, or wait for it with healthy: false");
    }

    @Test
    public void unreconciledReleasePointsToWhatAppliesIt() throws Exception {
        Report.ApplicationStatus release = new Report.ApplicationStatus(
                "HelmRelease/flux-system/payments-api",
                "https://git.example.com/platform.git",
                EXPECTATION.target().path(),
                MINE,
                MINE,
                "Synced",
                "Unknown",
                null,
                List.of(),
                List.of(),
                null,
                at(5));
        assertThat(
                decide(new AgentSnapshot(AgentKind.FLUX, "main", T0, false, null, release))
                        .summary(),
                is(
                        "HelmRelease/flux-system/payments-api is applied, but its health is unknown; name the"
                                + " Kustomization that applies it and give that spec.wait, or wait for it with healthy: false"));
    }

    @Test
    public void onlyThePausedResourceIsNamed() throws Exception {
        assertWaiting(
                decide(ApplicationStatusFixture.of(MINE)
                        .health("Suspended")
                        .resource("worker", "Synced", "Progressing", "1 of 2 updated")
                        .resource("payments-api", "Synced", "Suspended", "the rollout is paused")
                        .by("dev")),
                "payments-api-dev is paused (Deployment payments-api: the rollout is paused);"
                        + " resume it, or wait for it with healthy: false");
    }

    @Test
    public void unknownHealthOfOurAgentIsNotLive() throws Exception {
        assertWaiting(
                decide(ApplicationStatusFixture.of(MINE).health("Whatever").by("dev")),
                "payments-api-dev is applied, but its health is unknown;"
                        + " wait for it with healthy: false if that is intended");
    }

    @Test
    public void applicationsOfOneServerAreDistinguishedByName() throws Exception {
        assertWaiting(
                decide(
                        ApplicationStatusFixture.argo(MINE, 0).name("web-eu").by("main"),
                        ApplicationStatusFixture.argo(OLD, 0).name("web-us").by("main")),
                "1 of 2 are live; web-us: Argo CD main is at 00000000, before 11111111");
    }

    @Test
    public void agentsOfTwoKindsAreDistinguished() throws Exception {
        assertWaiting(
                decide(
                        ApplicationStatusFixture.of(OLD).by("dev"),
                        ApplicationStatusFixture.argo(MINE, 0).by("dev")),
                "1 of 2 are live; agent dev: agent dev is at 00000000, before 11111111");
    }

    @Test
    public void onlyConfiguredAgentIsNamedWhileItIsSilent() throws Exception {
        Expectation expectation = new Expectation(
                EXPECTATION.target().withAgent(new AgentReference(AgentKind.FLUX, "eu", "Kustomization/shop/payments")),
                MINE,
                List.of(),
                true);
        assertWaiting(
                AwaitDecision.decide(expectation, List.of(), branch(), T0),
                "Flux eu has not reported Kustomization/shop/payments yet");
    }

    @Test
    public void everyTextIsOneLine() throws Exception {
        assertUnready(
                decide(ApplicationStatusFixture.of(MINE)
                        .health("Progressing")
                        .resource("a", "Synced", "Progressing", "first\r\n\tsecond\u0007 third\n")
                        .by("dev")),
                "payments-api-dev is Progressing (Deployment a: first second third )");
    }

    @Test
    public void unknownReplacementStillEndsTheWait() throws Exception {
        tip = OTHER;
        assertThat(
                decide(snapshot(synced(OLD))),
                is(new Verdict.Superseded(OTHER, "superseded: 33333333 has another image")));
    }

    @Test
    public void replacedBeforeItWasLiveIsSuperseded() throws Exception {
        tip = OTHER;
        supersedingChange = new GitFacts.SupersedingChange(OTHER, "set image to 3", false);
        Verdict verdict = decide(snapshot(synced(OLD)));
        assertThat(((Verdict.Superseded) verdict).by(), is(OTHER));
        assertThat(verdict.summary(), is("superseded by 33333333 \"set image to 3\""));
    }

    @Test
    public void liveEvenThoughTheTipMovedOn() throws Exception {
        tip = OTHER;
        supersedingChange = new GitFacts.SupersedingChange(OTHER, "set image to 3", false);
        assertThat(decide(snapshot(synced(MINE))), instanceOf(Verdict.Live.class));
    }

    @Test
    public void agentRunningTheReplacementMeansSuperseded() throws Exception {
        tip = OTHER;
        supersedingChange = new GitFacts.SupersedingChange(OTHER, "set image to 3", false);
        assertThat(decide(snapshot(synced(OTHER))), instanceOf(Verdict.Superseded.class));
    }

    @Test
    public void revertedChangeIsReverted() throws Exception {
        tip = OTHER;
        supersedingChange = new GitFacts.SupersedingChange(OTHER, "roll back", true);
        assertThat(((Verdict.Reverted) decide(snapshot(synced(OLD)))).by(), is(OTHER));
    }

    @Test
    public void rewrittenBranchIsReverted() throws Exception {
        tip = OLD;
        Verdict verdict = decide(snapshot(synced(OLD)));
        assertThat(verdict, instanceOf(Verdict.Reverted.class));
        assertThat(verdict.summary(), containsString("no longer on the branch"));
    }

    private Verdict decide(AgentSnapshot... snapshots) throws IOException {
        return AwaitDecision.decide(EXPECTATION, List.of(snapshots), branch(), T0);
    }

    private static void assertWaiting(Verdict verdict, String summary) {
        assertThat(verdict, is(new Verdict.Waiting(summary)));
    }

    /** The change was applied, and only its own resources are not ready: after a timeout, the change is the cause. */
    private static void assertUnready(Verdict verdict, String summary) {
        assertThat(verdict, is(new Verdict.Waiting(summary, null, true)));
    }

    private static AgentSnapshot snapshot(ApplicationStatus status) {
        return new AgentSnapshot("dev", T0, false, status);
    }

    private static ApplicationStatus synced(String revision) {
        OperationState operationState = new OperationState("Succeeded", revision, at(0), at(1), 0, null);
        return status(revision, revision, "Synced", "Healthy", operationState, at(2));
    }

    private static ApplicationStatus status(
            String compared,
            String synced,
            String sync,
            String health,
            OperationState operationState,
            String observedAt) {
        return new ApplicationStatus(
                "payments-api-dev",
                "u",
                "p",
                compared,
                synced,
                sync,
                health,
                operationState,
                null,
                null,
                null,
                observedAt);
    }

    private static String at(int seconds) {
        return T0.plusSeconds(seconds).toString();
    }

    private FakeBranch branch() {
        return supersedingChange == null ? FakeBranch.upTo(tip) : FakeBranch.replaced(supersedingChange);
    }
}
