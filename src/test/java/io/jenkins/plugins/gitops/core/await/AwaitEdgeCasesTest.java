package io.jenkins.plugins.gitops.core.await;

import static io.jenkins.plugins.gitops.core.await.ApplicationStatusFixture.T0;
import static io.jenkins.plugins.gitops.core.await.ApplicationStatusFixture.argo;
import static io.jenkins.plugins.gitops.core.await.ApplicationStatusFixture.flux;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.LATER;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.MINE;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.OLD;
import static io.jenkins.plugins.gitops.core.await.FakeBranch.OTHER;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/**
 * States of a running Argo CD and Flux that a weaker decision would take for a success or a failure, and known mistakes
 * of other tools' waits.
 */
public class AwaitEdgeCasesTest {
    private static final Expectation EXPECTATION = new Expectation(
            new Target("payments-api", "dev", "services/payments-api/overlays/dev", null),
            MINE,
            List.of(),
            true,
            T0,
            Duration.ZERO);

    private FakeBranch git = FakeBranch.upTo(MINE);

    // Pitfalls of Argo CD.

    @Test
    public void trap1IdenticalRenderMovesTheRevisionAndNoOperation() throws Exception {
        assertLive(argo(MINE, 60).succeeded(OLD, -100));
        // Self-healing a later drift runs a whole sync at the new commit.
        assertWaiting(argo(MINE, 60).operation("Running", MINE, 70, null, 0, null), "syncing 11111111");
        assertLive(argo(MINE, 80).succeeded(MINE, 75));
    }

    @Test
    public void trap2ManualModeIsHealthyAndSucceededAtTheOldRevision() throws Exception {
        assertWaiting(argo(MINE, 60).outOfSync(OLD).succeeded(OLD, -100), "payments-api-dev is OutOfSync");
    }

    @Test
    public void trap3ComparisonErrorKeepsHealthyAndSucceeded() throws Exception {
        assertWaiting(
                argo(OLD, 5).neverCompared().succeeded(OLD, -100).condition("ComparisonError", "no such file", null, 5),
                "payments-api-dev: ComparisonError: no such file, since 10:00:05 UTC;"
                        + " it counts when another comparison confirms it");
        assertFailed(
                argo(OLD, 35)
                        .neverCompared()
                        .succeeded(OLD, -100)
                        .condition("ComparisonError", "no such file", null, 5),
                0,
                "ComparisonError: no such file");
    }

    @Test
    public void trap3InfrastructureErrorIsNeverAFailure() throws Exception {
        assertWaiting(
                argo(OLD, 600).neverCompared().condition("ComparisonError", "dial tcp: connection refused", null, 5),
                "payments-api-dev: ComparisonError: dial tcp: connection refused, since 10:00:05 UTC;"
                        + " that is not a failure of the change, and it is checked again");
        assertWaiting(
                argo(MINE, 600).outOfSync(OLD).condition("SyncError", "the object has been modified", MINE, 5),
                "payments-api-dev: SyncError: the object has been modified, since 10:00:05 UTC;"
                        + " that is not a failure of the change, and it is checked again");
        assertWaiting(
                argo(MINE, 600).outOfSync(OLD).failed(MINE, 50, "context deadline exceeded"),
                "sync of 11111111 failed: context deadline exceeded, since 10:00:50 UTC;"
                        + " that is not a failure of the change, which must be synced again");
        assertWaiting(
                argo(MINE, 600)
                        .outOfSync(OLD)
                        .failed(MINE, 50, "one or more objects failed to apply")
                        .resource("payments-api", "OutOfSync", "Healthy", "failed calling webhook \"x\""),
                "sync of 11111111 failed: one or more objects failed to apply (Deployment payments-api: failed calling"
                        + " webhook \"x\"), since 10:00:50 UTC; that is not a failure of the change, which must"
                        + " be synced again");
    }

    @Test
    public void trap3ErrorIsAwaitedWhileANewerStateMayRepairIt() throws Exception {
        git = FakeBranch.upTo(LATER);
        assertWaiting(
                argo(OLD, 600).neverCompared().condition("ComparisonError", "no such file", null, 5),
                "payments-api-dev: ComparisonError: no such file, since 10:00:05 UTC; it is not known whether that applies to 22222222, the"
                        + " current commit of the branch");
        assertWaiting(
                argo(OLD, 600).neverCompared().condition("ComparisonError", "no such file", MINE, 5),
                "payments-api-dev: ComparisonError: no such file; the branch is at 22222222, which has not been tried"
                        + " yet");
        assertFailed(
                argo(OLD, 600).neverCompared().condition("ComparisonError", "no such file", LATER, 5),
                0,
                "ComparisonError: no such file");
    }

    @Test
    public void trap3NewApplicationThatNeverRenderedIsHealthyToo() throws Exception {
        assertWaiting(
                argo(OLD, 60).neverCompared().applied(null).message("bad\nmanifest"),
                "payments-api-dev could not be compared: bad manifest");
    }

    @Test
    public void trap4SyncedAtARevertWithoutAnyOperation() throws Exception {
        assertLive(argo(LATER, 60).succeeded(OLD, 50));
    }

    @Test
    public void trap4OldOperationThatNamesMyCommitProvesNothing() throws Exception {
        assertWaiting(argo(OLD, 60).succeeded(MINE, -100), "Argo CD main is at 00000000, before 11111111");
    }

    @Test
    public void trap5SelectiveAndDryRunSyncsSucceedWithoutApplyingAll() throws Exception {
        assertWaiting(argo(MINE, 60).outOfSync(OLD).succeeded(MINE, 50).partial(), "payments-api-dev is OutOfSync");
    }

    @Test
    public void trap5FailedDryRunIsNotAFailure() throws Exception {
        assertWaiting(
                argo(MINE, 60).outOfSync(OLD).failed(MINE, 50, "refused").partial(), "payments-api-dev is OutOfSync");
    }

    @Test
    public void trap5SkippedPruningIsReported() throws Exception {
        assertWaiting(
                argo(MINE, 60).outOfSync(MINE).succeeded(MINE, 50).extra("old-name"),
                "payments-api-dev is applied, but resources removed from Git still exist (Service old-name);"
                        + " sync with pruning");
    }

    @Test
    public void trap5OtherDifferencesAreNotPruning() throws Exception {
        assertWaiting(
                argo(MINE, 60)
                        .outOfSync(MINE)
                        .succeeded(MINE, 50)
                        .extra("old-name")
                        .resource("payments-api", "OutOfSync", "Healthy", null),
                "payments-api-dev is OutOfSync (Service old-name; Deployment payments-api)");
    }

    @Test
    public void trap6RunningBetweenRetriesIsAwaited() throws Exception {
        assertWaiting(
                argo(MINE, 60)
                        .outOfSync(OLD)
                        .operation("Running", MINE, 40, 50, 2, "one or more objects failed to apply")
                        .resource("payments-api", "OutOfSync", "Healthy", "forbidden"),
                "sync of 11111111 failed; retrying (attempt 2) (Deployment payments-api: forbidden):"
                        + " one or more objects failed to apply");
    }

    @Test
    public void trap6FailedAfterTheLastRetryFails() throws Exception {
        assertFailed(
                argo(MINE, 60)
                        .outOfSync(OLD)
                        .failed(MINE, 50, "one or more objects failed to apply")
                        .resource("payments-api", "OutOfSync", "Healthy", "forbidden"),
                0,
                "sync of 11111111 failed: one or more objects failed to apply (Deployment payments-api: forbidden)");
    }

    @Test
    public void trap6SyncErrorOfMyCommitFails() throws Exception {
        assertFailed(
                argo(MINE, 60).outOfSync(OLD).condition("SyncError", "Failed last sync attempt", MINE, 5),
                6,
                "SyncError: Failed last sync attempt");
        // Not every server reports the revision; the revision of the last sync is used then.
        assertFailed(
                argo(MINE, 60).outOfSync(OLD).failed(MINE, 5, "no").condition("SyncError", "no", null, 5),
                6,
                "SyncError: no");
    }

    @Test
    public void trap6OldFailureDoesNotDecideTheRepair() throws Exception {
        git = FakeBranch.upTo(LATER);
        assertWaiting(
                argo(MINE, 60)
                        .outOfSync(OLD)
                        .failed(MINE, 50, "immutable")
                        .condition("SyncError", "immutable", MINE, 50),
                "payments-api-dev: SyncError: immutable; the branch is at 22222222, which has not been tried yet");
    }

    @Test
    public void trap7EveryStepInsideOneSync() throws Exception {
        // In order of occurrence; all but the last look live to some rule.
        assertWaiting(argo(OLD, 60).requested(), "Argo CD main is at 00000000, before 11111111");
        assertWaiting(argo(MINE, 60).requested(), "payments-api-dev: a sync was requested but has not started");
        assertWaiting(argo(MINE, 60).running(MINE), "syncing 11111111");
        assertWaiting(argo(MINE, 60).outOfSync(OLD).succeeded(MINE, 59), "payments-api-dev is OutOfSync");
        assertWaiting(
                argo(MINE, 60).succeeded(MINE, 61),
                "payments-api-dev has not been compared since the sync of 11111111 finished");
        assertWaiting(argo(MINE, 62).succeeded(MINE, 61).health("Progressing"), "payments-api-dev is Progressing");
        assertLive(argo(MINE, 62).succeeded(MINE, 61));
        assertWaiting(argo(MINE, 62).operation("Running", MINE, 63, null, 0, null), "syncing 11111111");
    }

    @Test
    public void trap8ClosedSyncWindowIsNeitherSuccessNorFailure() throws Exception {
        assertWaiting(argo(MINE, 60).outOfSync(OLD), "payments-api-dev is OutOfSync");
    }

    @Test
    public void trap9ReasonComesFromTheResources() throws Exception {
        assertFailed(
                argo(MINE, 60)
                        .health("Degraded")
                        .resource("payments-api", "Synced", "Degraded", "exceeded its\nprogress deadline"),
                0,
                "synced to 11111111 but Degraded (Deployment payments-api: exceeded its progress deadline)");
    }

    @Test
    public void trap10OperationThatNamesNoRevisionProvesNothing() throws Exception {
        assertLive(argo(MINE, 60).succeeded("", 50));
        assertWaiting(argo(MINE, 60).outOfSync(OLD).failed("", 50, "no"), "payments-api-dev is OutOfSync");
        assertWaiting(argo(MINE, 60).outOfSync(OLD).failed(null, 50, "no"), "payments-api-dev is OutOfSync");
    }

    @Test
    public void trap11UnreachableServerIsNeverLive() throws Exception {
        assertWaiting(argo(MINE, 60).problem("status 403"), "Argo CD main is unreachable: status 403");
        assertWaiting(
                argo(MINE, 60).stale().problem("status 401"),
                "Argo CD main has not reported since 2026-01-01T10:00:00Z: status 401");
    }

    @Test
    public void trap12SyncThatARefreshStartedIsAwaited() throws Exception {
        assertWaiting(
                argo(MINE, 60).outOfSync(OLD).requested(),
                "payments-api-dev: a sync was requested but has not started");
    }

    @Test
    public void trap13AutoscalerWithoutMetricsIsDegraded() throws Exception {
        Verdict verdict = decide(
                argo(MINE, 60).health("Degraded").resource("payments-api", "Synced", "Degraded", "no metrics API"), 0);
        // This may be temporary after the start, so it has to be observed twice.
        assertThat(((Verdict.Failed) verdict).confirmFor(), is(Duration.ofSeconds(3)));
    }

    @Test
    public void trap13DegradedWithoutAReasonIsAwaited() throws Exception {
        assertWaiting(
                argo(MINE, 60).health("Degraded"),
                "payments-api-dev: synced to 11111111 but Degraded; no resource reports a reason yet");
        assertWaiting(
                argo(MINE, 60).health("Degraded").resource("payments-api", "Synced", "Progressing", "1 of 3"),
                "payments-api-dev: synced to 11111111 but Degraded (Deployment payments-api: 1 of 3); no resource"
                        + " reports a reason yet");
    }

    // Requirements of the proof, one by one.

    @Test
    public void rule1ErrorsFailAndWarningsDoNot() throws Exception {
        for (String type : List.of("ComparisonError", "InvalidSpecError", "SyncError")) {
            git = FakeBranch.upTo(MINE);
            assertFailed(argo(MINE, 60).condition(type, "x", MINE, 5), 6, type + ": x");
            git = FakeBranch.upTo(LATER);
            assertFailed(argo(MINE, 60).condition(type, "x", LATER, 5), 6, type + ": x");
        }
        for (String type : List.of(
                "SharedResourceWarning",
                "OrphanedResourceWarning",
                "ExcludedResourceWarning",
                "UnknownError",
                "DeletionError")) {
            assertLive(argo(MINE, 60).condition(type, "x", null, 5));
        }
    }

    @Test
    public void rule1ErrorFromBeforeTheWaitIsIgnored() throws Exception {
        assertWaiting(
                argo(OLD, -1).neverCompared().condition("ComparisonError", "wrong", null, -30),
                "payments-api-dev could not be compared: wrong");
    }

    @Test
    public void rule1ErrorFromBeforeTheWaitCountsWhenTheChangeWasCompared() throws Exception {
        assertWaiting(
                argo(OLD, 60).neverCompared().condition("ComparisonError", "wrong", null, -30),
                "payments-api-dev: ComparisonError: wrong, since 09:59:30 UTC; it counts when another comparison"
                        + " confirms it");
        assertFailed(
                argo(OLD, 62).neverCompared().condition("ComparisonError", "wrong", null, -30),
                0,
                "ComparisonError: wrong");
    }

    @Test
    public void rule1ErrorOfMyCommitFromBeforeTheWaitCounts() throws Exception {
        assertFailed(
                argo(OLD, 60).neverCompared().condition("ComparisonError", "broken", MINE, -60),
                0,
                "ComparisonError: broken");
    }

    @Test
    public void rule1ErrorOfAnOlderCommitIsIgnored() throws Exception {
        assertLive(argo(MINE, 60).condition("SyncError", "x", OLD, 5));
    }

    @Test
    public void rule1ErrorOfACommitWithAnotherValueIsNotMine() throws Exception {
        git = FakeBranch.replaced(new GitFacts.SupersedingChange(OTHER, "set image to 3", false));
        assertThat(
                decide(argo(MINE, 60).neverCompared().condition("ComparisonError", "x", OTHER, 5), 60),
                instanceOf(Verdict.Superseded.class));
    }

    @Test
    public void rule1ErrorOfAnUnfetchedCommitIsAwaited() throws Exception {
        assertWaiting(
                argo(OLD, 60).neverCompared().condition("ComparisonError", "x", FakeBranch.UNFETCHED, 5),
                "payments-api-dev: ComparisonError: x at 99999999, which has not been fetched here yet");
    }

    @Test
    public void rule1SyncErrorDoesNotDecideWhenASyncWasRequested() throws Exception {
        assertWaiting(
                argo(MINE, 60).outOfSync(OLD).requested().condition("SyncError", "x", MINE, 5),
                "payments-api-dev: a sync was requested but has not started");
    }

    @Test
    public void rule1AmbiguousErrorDoesNotHideACertainOne() throws Exception {
        assertFailed(
                argo(MINE, 5).condition("ComparisonError", "away", null, 5).condition("SyncError", "no", MINE, 5),
                6,
                "SyncError: no");
    }

    @Test
    public void rule2ComparedRevisionIncludesTheChange() throws Exception {
        assertWaiting(argo(OLD, 60), "Argo CD main is at 00000000, before 11111111");
        assertWaiting(
                argo(FakeBranch.UNFETCHED, 60), "Argo CD main is at 99999999, which has not been fetched here yet");
        assertLive(argo(MINE, 60));
        assertLive(argo(LATER, 60));
        assertWaiting(argo(OTHER, 60), "Argo CD main is at 33333333, which has another image");
    }

    @Test
    public void rule3NoOperationIsRunningOrRequested() throws Exception {
        assertWaiting(argo(MINE, 60).running(OLD), "syncing 00000000");
        assertWaiting(
                argo(MINE, 60).operation("Running", MINE, 0, 10, 1, null),
                "sync of 11111111 failed; retrying (attempt 1)");
        assertWaiting(argo(MINE, 60).requested(), "payments-api-dev: a sync was requested but has not started");
    }

    @Test
    public void rule4SameSecondIsAmbiguous() throws Exception {
        assertWaiting(
                argo(MINE, 50).succeeded(MINE, 50),
                "payments-api-dev has not been compared since the sync of 11111111 finished");
        assertLive(argo(MINE, 51).succeeded(MINE, 50));
    }

    @Test
    public void rule4FailureNeedsNoComparisonButTwoResponses() throws Exception {
        Verdict verdict = decide(argo(MINE, 50).outOfSync(OLD).failed(MINE, 50, "x"), 60);
        assertThat(((Verdict.Failed) verdict).confirmFor(), is(Duration.ofSeconds(3)));
        // Our agent gives up after its retries. A failure without retries has to be confirmed by another report.
        Verdict once =
                decide(ApplicationStatusFixture.of(MINE).outOfSync(OLD).operation("Failed", MINE, 49, 50, 0, "x"), 60);
        assertThat(((Verdict.Failed) once).confirmFor(), is(Duration.ofMillis(500)));
        Verdict after =
                decide(ApplicationStatusFixture.of(MINE).outOfSync(OLD).operation("Failed", MINE, 49, 50, 1, "x"), 60);
        assertThat(((Verdict.Failed) after).confirmFor(), is(Duration.ZERO));
    }

    @Test
    public void rule5ArgoCdMustConfirmALiveState() throws Exception {
        assertThat(((Verdict.Live) decide(argo(MINE, 60), 0)).confirmFor(), is(Duration.ofSeconds(3)));
        assertThat(((Verdict.Live) decide(ApplicationStatusFixture.of(MINE), 0)).confirmFor(), is(Duration.ZERO));
        assertThat(((Verdict.Live) decide(flux(MINE), 0)).confirmFor(), is(Duration.ZERO));
    }

    @Test
    public void rule6FailureCountsOnlyAtMyCommitOrALaterOne() throws Exception {
        assertWaiting(argo(MINE, 60).outOfSync(OLD).failed(OLD, 50, "x"), "payments-api-dev is OutOfSync");
        assertFailed(argo(MINE, 60).outOfSync(OLD).failed(MINE, 50, "x"), 0, "sync of 11111111 failed: x");
        assertFailed(
                argo(MINE, 60).failed(MINE, 50, "hook smoke failed"), 0, "sync of 11111111 failed: hook smoke failed");
        assertWaiting(argo(MINE, 60).outOfSync(OLD).failed(OTHER, 50, "x"), "payments-api-dev is OutOfSync");
        git = FakeBranch.upTo(LATER);
        assertFailed(argo(MINE, 60).outOfSync(OLD).failed(LATER, 50, "x"), 0, "sync of 22222222 failed: x");
        assertFailed(argo(LATER, 60).failed(MINE, 50, "x"), 0, "sync of 11111111 failed: x");
        assertWaiting(
                argo(LATER, 60).outOfSync(OLD).failed(MINE, 50, "x"),
                "sync of 11111111 failed: x; the branch is at 22222222, which has not been tried yet");
    }

    @Test
    public void rule7UnreportedNewApplicationIsAwaited() throws Exception {
        assertThat(
                AwaitDecision.decide(EXPECTATION, List.of(), git, T0),
                is(new Verdict.Waiting("no agent has reported services/payments-api/overlays/dev yet")));
    }

    @Test
    public void rule7ApplicationBeingDeletedIsAwaited() throws Exception {
        assertWaiting(argo(MINE, 60).deleting(), "payments-api-dev is being deleted");
        assertWaiting(
                argo(MINE, 60).deleting().condition("DeletionError", "stuck", MINE, 5),
                "payments-api-dev is being deleted: stuck");
    }

    @Test
    public void rule7ApplicationRemovedFromGitEndsTheWait() throws Exception {
        git = FakeBranch.replaced(new GitFacts.SupersedingChange(OTHER, "drop payments", false, true));
        Verdict removed = decide(argo(OLD, 60), 0);
        assertThat(removed, is(new Verdict.Superseded(OTHER, "removed by 33333333 \"drop payments\"")));
        git = FakeBranch.replaced(new GitFacts.SupersedingChange(OTHER, "undo", true, true));
        assertThat(decide(argo(OLD, 60), 0), is(new Verdict.Reverted(OTHER, "removed by 33333333 \"undo\"")));
    }

    // Known mistakes of other tools.

    @Test
    public void peer1StateFromBeforeThePushDoesNotPass() throws Exception {
        assertWaiting(argo(OLD, 60).succeeded(OLD, 50), "Argo CD main is at 00000000, before 11111111");
    }

    @Test
    public void peer2HealthIsNotTrustedImmediately() throws Exception {
        StabilityWindow stabilityWindow = new StabilityWindow();
        Verdict seen = decide(argo(MINE, 60), 0);
        assertThat(stabilityWindow.confirm(seen, EXPECTATION, second(60)), instanceOf(Verdict.Waiting.class));
        assertThat(stabilityWindow.confirm(seen, EXPECTATION, second(63)), is(seen));
    }

    @Test
    public void peer3ResultOfThePreviousOperationIsNotMine() throws Exception {
        assertWaiting(
                argo(OLD, 60).outOfSync(OLD).failed(OLD, 50, "old"), "Argo CD main is at 00000000, before 11111111");
    }

    @Test
    public void peer4NothingToAwaitEndsAtOnce() throws Exception {
        assertLive(ApplicationStatusFixture.of(MINE).succeeded(MINE, -1000));
    }

    @Test
    public void peer5FlippingBackToTheOldRevisionIsNotLive() throws Exception {
        StabilityWindow stabilityWindow = new StabilityWindow();
        stabilityWindow.confirm(decide(argo(MINE, 60), 0), EXPECTATION, second(60));
        assertThat(
                stabilityWindow.confirm(decide(argo(OLD, 61), 0), EXPECTATION, second(62)),
                instanceOf(Verdict.Waiting.class));
        assertThat(
                stabilityWindow.confirm(decide(argo(MINE, 62), 0), EXPECTATION, second(64)),
                instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void peer6RetriesOfAnOldCommitAreNamed() throws Exception {
        assertWaiting(
                argo(MINE, 60).outOfSync(OLD).operation("Running", OLD, 0, 50, 3, "denied"),
                "sync of 00000000 failed; retrying (attempt 3): denied");
    }

    @Test
    public void peer7SkippedCommitEndsWithTheOneThatWasApplied() throws Exception {
        assertLive(argo(LATER, 60));
        git = FakeBranch.replaced(new GitFacts.SupersedingChange(OTHER, "set image to 3", false));
        assertThat(
                decide(argo(OTHER, 60), 0),
                is(new Verdict.Superseded(OTHER, "superseded by 33333333 \"set image to 3\"")));
    }

    @Test
    public void peer9SuccessThatPrecedesTheRolloutIsNotHealthy() throws Exception {
        assertAskedAgain(
                flux(MINE).health("Unknown"),
                "payments-api-dev is applied, but its health is unknown;"
                        + " give it spec.wait or spec.healthChecks, or wait for it with healthy: false");
    }

    @Test
    public void peer10UndeliveredFailureIsReportedAsSilence() throws Exception {
        assertAskedAgain(flux(MINE).stale(), "Flux main has not reported since 2026-01-01T10:00:00Z");
    }

    private static Instant second(int seconds) {
        return T0.plusSeconds(seconds);
    }

    private Verdict decide(ApplicationStatusFixture applicationStatusFixture, int now) throws IOException {
        return AwaitDecision.decide(EXPECTATION, List.of(applicationStatusFixture.by("main")), git, second(now));
    }

    private void assertLive(ApplicationStatusFixture applicationStatusFixture) throws IOException {
        assertThat(decide(applicationStatusFixture, 60), instanceOf(Verdict.Live.class));
    }

    private void assertWaiting(ApplicationStatusFixture applicationStatusFixture, String summary) throws IOException {
        assertThat(decide(applicationStatusFixture, 60), is(new Verdict.Waiting(summary)));
    }

    /** Requires that the wait is evaluated again after a time, since Flux sends no event for it. */
    private void assertAskedAgain(ApplicationStatusFixture applicationStatusFixture, String summary)
            throws IOException {
        Verdict.Waiting waiting = (Verdict.Waiting) decide(applicationStatusFixture, 60);
        assertThat(waiting.summary(), is(summary));
        assertThat(waiting.recheckAt() != null, is(true));
    }

    private void assertFailed(ApplicationStatusFixture applicationStatusFixture, int now, String summary)
            throws IOException {
        Verdict verdict = decide(applicationStatusFixture, now);
        assertThat(verdict.summary(), is(summary));
        assertThat(verdict, instanceOf(Verdict.Failed.class));
    }
}
