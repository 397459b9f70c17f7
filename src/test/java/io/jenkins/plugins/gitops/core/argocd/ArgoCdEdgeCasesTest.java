package io.jenkins.plugins.gitops.core.argocd;

import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.FIRST;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.IMAGE;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.PARTIAL;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.PRUNED;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.README;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.REVERT;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.ROLLOUT;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.UNRELATED;
import static io.jenkins.plugins.gitops.core.argocd.ArgoCdRecordings.WINDOW;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.GitFacts;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Recorded states of a running Argo CD 3.5.1 that would deceive a weaker decision. */
public class ArgoCdEdgeCasesTest {
    private static final Instant SINCE = Instant.parse("2026-11-21T06:00:00Z");

    @Test
    public void trap01IdenticalRenderIsLiveWithoutOperationForTheCommit() throws Exception {
        for (String recorded : List.of("11-identical-render-automated", "11-identical-render-manual")) {
            ApplicationStatus status = ArgoCdRecordings.status(recorded);
            assertThat(status.operation().revision(), is(FIRST));
            assertLive(README, decide(status, LinearBranch.awaiting(README, FIRST, README)));
        }
        ApplicationStatus filtered =
                comparedASecondLater(ArgoCdRecordings.status("11-unrelated-commit-manifest-generate-paths"));
        assertLive(UNRELATED, decide(filtered, LinearBranch.awaiting(README, FIRST, README, UNRELATED)));
    }

    @Test
    public void trap01LaterSelfHealIsNotANewChange() throws Exception {
        List<Verdict> verdicts = verdicts("13-selfheal-stream", LinearBranch.awaiting(README, FIRST, README, IMAGE));
        assertLive(README, verdicts.get(0));
        assertWaiting("has not started", verdicts.get(1));
        verdicts.subList(1, 6).forEach(v -> assertThat(v, instanceOf(Verdict.Waiting.class)));
    }

    @Test
    public void trap02NewRevisionIsComparedButNotApplied() throws Exception {
        ApplicationStatus status = ArgoCdRecordings.status("12-manual-outofsync");
        assertThat(status.comparedRevision(), is(IMAGE));
        assertThat(status.syncedRevision(), is(FIRST));
        assertThat(status.health(), is("Healthy"));
        assertWaiting("OutOfSync", decide(status, LinearBranch.awaiting(IMAGE, FIRST, IMAGE)));
    }

    @Test
    public void trap03ComparisonErrorIsNeitherOldSuccessNorHealth() throws Exception {
        LinearBranch branch = LinearBranch.awaiting(README, FIRST, README);
        for (String recorded : List.of("09-comparison-error-new", "09-comparison-error-was-healthy")) {
            ApplicationStatus status = ArgoCdRecordings.status(recorded);
            assertThat(recorded, status.comparedRevision(), is(nullValue()));
            assertThat(recorded, status.health(), is("Healthy"));
            assertThat(recorded, decide(status, branch), instanceOf(Verdict.Waiting.class));
            Verdict again = decide(comparedLater(status, 120), branch);
            assertThat(recorded, again, instanceOf(Verdict.Failed.class));
            assertThat(again.summary(), containsString("ComparisonError"));
        }
    }

    @Test
    public void trap03RepositoryThatCannotBeReadIsNeverAFailure() throws Exception {
        LinearBranch branch = LinearBranch.awaiting(README, FIRST, README);
        for (String recorded : List.of("10-repo-unreachable-new", "10-repo-unreachable-was-healthy-first")) {
            Verdict verdict = decide(comparedLater(ArgoCdRecordings.status(recorded), 120), branch);
            assertWaiting("ComparisonError", verdict);
            assertWaiting("that is not a failure of the change", verdict);
        }
    }

    @Test
    public void trap03PreexistingErrorIsAwaited() throws Exception {
        Expectation later = expectation(README, Instant.parse("2026-11-21T07:00:00Z"));
        Verdict verdict = AwaitDecision.decide(
                later,
                List.of(snapshot(ArgoCdRecordings.status("10-repo-unreachable-was-healthy-first"))),
                LinearBranch.awaiting(README, FIRST, README),
                ArgoCdRecordings.NOW);
        assertWaiting("could not be compared: ", verdict);
    }

    @Test
    public void trap04RevertAfterARollbackIsLiveWithoutAnyOperation() throws Exception {
        GitFacts branch = LinearBranch.awaiting(REVERT, FIRST, WINDOW, REVERT);
        ApplicationStatus rolledBack = ArgoCdRecordings.status("18-after-rollback");
        assertThat(rolledBack.syncedRevision(), is(FIRST));
        assertWaiting("before " + REVERT.substring(0, 8), decide(rolledBack, branch));
        assertLive(REVERT, decide("18-git-revert-after-rollback-no-sync", branch));
    }

    @Test
    public void trap04RollbackByTheServerIsNotMyCommit() throws Exception {
        ApplicationStatus status = comparedASecondLater(ArgoCdRecordings.status("18-after-rollback"));
        assertWaiting("OutOfSync", decide(status, LinearBranch.awaiting(WINDOW, FIRST, WINDOW)));
    }

    @Test
    public void trap05SelectiveSyncAndDryRunProveNothing() throws Exception {
        for (String recorded : List.of("20-selective-sync", "20-dry-run-sync")) {
            ApplicationStatus status = ArgoCdRecordings.status(recorded);
            assertThat(recorded, status.operation().revision(), is(PARTIAL));
            assertThat(recorded, status.operation().phase(), is("Succeeded"));
            assertThat(recorded, status.operation().partial(), is(true));
            assertThat(recorded, status.syncedRevision(), is(FIRST));
            assertThat(
                    decide(status, LinearBranch.awaiting(PARTIAL, FIRST, PARTIAL)), instanceOf(Verdict.Waiting.class));
        }
    }

    @Test
    public void trap05SkippedPruningIsReported() throws Exception {
        ApplicationStatus status = ArgoCdRecordings.status("20-prune-pending");
        assertThat(status.resources().get(0).label(), is("Service checkout"));
        assertThat(status.resources().get(0).requiresPruning(), is(true));
        ApplicationStatus comparedAgain = comparedASecondLater(status);
        assertWaiting(
                "Service checkout: requires pruning",
                decide(comparedAgain, LinearBranch.awaiting(PRUNED, FIRST, PRUNED)));
    }

    @Test
    public void trap06RetryPendingIsNotTheEnd() throws Exception {
        GitFacts branch = LinearBranch.awaiting(FIRST, FIRST);
        assertWaiting("must be between 1 and 65535", decide("08-sync-failed-retrying", branch));
        Verdict.Failed failed = (Verdict.Failed) decide("08-sync-failed", branch);
        assertThat(failed.resources().get(0).label(), is("Service invoices"));
        assertThat(
                failed.resources().get(0).message(),
                is("Service \"invoices\" is invalid: spec.ports[0].port: Invalid value: 99999: must be between 1 and"
                        + " 65535, inclusive"));
    }

    @Test
    public void trap06FailureOfAnOlderCommitIsIgnored() throws Exception {
        assertThat(
                decide("08-sync-failed", LinearBranch.awaiting(README, FIRST, README)),
                instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void trap07OnlyFinalStatesOfASyncAreLive() throws Exception {
        List<Verdict> first = verdicts("05-stream-sync", LinearBranch.awaiting(FIRST, FIRST));
        // In the second in which the sync finished, the comparison is inconclusive; the refresh two seconds later
        // decides.
        assertThat(liveFrom(first), is(9));
        assertThat(liveFrom(verdicts("03-stream-create-to-running", LinearBranch.awaiting(FIRST, FIRST))), is(-1));
    }

    @Test
    public void trap07SyncedHealthyOldRevisionWithoutOperationIsNotMine() throws Exception {
        List<ArgoCdApplication> states = ArgoCdRecordings.stream("19-rollout-stream");
        ApplicationStatus between = states.get(2).statuses().get(0);
        assertThat(between.sync() + " " + between.health() + " " + between.operation(), is("Synced Healthy null"));
        assertThat(between.requested(), is(true));
        GitFacts branch = LinearBranch.awaiting(ROLLOUT, between.comparedRevision(), ROLLOUT);
        List<Verdict> verdicts = verdicts("19-rollout-stream", branch);
        assertThat(liveFrom(verdicts), is(-1));
        ApplicationStatus last = states.get(states.size() - 1).statuses().get(0);
        assertThat(states.get(states.size() - 1).ambiguousSyncEnd(), is("2026-11-21T06:13:54Z"));
        assertLive(ROLLOUT, decide(comparedASecondLater(last), branch));
    }

    @Test
    public void trap07RolloutInProgressIsAwaited() throws Exception {
        ApplicationStatus status = ArgoCdRecordings.status("19-rollout-op-succeeded");
        GitFacts branch = LinearBranch.awaiting(ROLLOUT, FIRST, ROLLOUT);
        assertWaiting("Progressing", decide(comparedASecondLater(status), branch));
        assertThat(status.images().size(), is(2));
    }

    @Test
    public void trap08SyncWindowIsReported() throws Exception {
        GitFacts branch = LinearBranch.awaiting(WINDOW, FIRST, IMAGE, WINDOW);
        ArgoCdApplication state = ArgoCdRecordings.application("17-sync-window-new-commit-blocked");
        assertThat(state.isIdleOutOfSync(), is(true));
        assertWaiting("OutOfSync", decide(state.statuses().get(0), branch));
        assertThat(
                SyncWindows.blockedBy(ArgoCdRecordings.bytes("17-sync-window-syncwindows"), ArgoCdRecordings.NOW),
                is("blocked by a sync window (deny * * * * * for 24h); it continues when the window ends,"
                        + " by 2026-11-22T08:00:00Z unless it begins again"));
    }

    @Test
    public void trap09ReasonIsInTheResourceTree() throws Exception {
        ApplicationStatus degraded = ArgoCdRecordings.withTree("07-synced-degraded", "07-synced-degraded-resource-tree")
                .statuses()
                .get(0);
        Verdict.Failed failed =
                (Verdict.Failed) decide(comparedASecondLater(degraded), LinearBranch.awaiting(FIRST, FIRST));
        assertThat(failed.resources().get(0).message(), is("Deployment \"ledger\" exceeded its progress deadline"));
        ApplicationStatus progressing = ArgoCdRecordings.withTree(
                        "06-synced-progressing", "06-synced-progressing-resource-tree")
                .statuses()
                .get(0);
        assertWaiting(
                "Deployment payments: Waiting for rollout to finish",
                decide(comparedASecondLater(progressing), LinearBranch.awaiting(FIRST, FIRST)));
    }

    @Test
    public void trap10EverySourceHasItsOwnRevision() throws Exception {
        List<ApplicationStatus> statuses =
                ArgoCdRecordings.application("14-multi-source-one-source-moved").statuses();
        assertThat(statuses.size(), is(2));
        assertThat(statuses.get(0).path(), is("services/search/overlays/dev"));
        assertThat(statuses.get(0).comparedRevision(), is(IMAGE));
        assertThat(statuses.get(1).repository(), is("http://127.0.0.1:19080/platform.git"));
        assertThat(statuses.get(1).comparedRevision(), is("cde212475a0d7bdd0a216f9862535e31d420eb6e"));
        assertThat(statuses.get(1).operation().revision(), is("cde212475a0d7bdd0a216f9862535e31d420eb6e"));
        assertLive(IMAGE, decide(comparedASecondLater(statuses.get(0)), LinearBranch.awaiting(IMAGE, FIRST, IMAGE)));
    }

    @Test
    public void trap10EmptyStringsAndNullListsAreAbsent() throws Exception {
        ApplicationStatus created = ArgoCdRecordings.status("01-created-not-reconciled");
        assertThat(created.comparedRevision(), is(nullValue()));
        assertThat(created.sync() + " " + created.health(), is("Unknown Unknown"));
        assertWaiting("could not be compared yet", decide(created, LinearBranch.awaiting(FIRST, FIRST)));
        assertThat(
                ArgoCdResponses.list(ArgoCdRecordings.bytes("16-list-selector-none"), ArgoCdRecordings.NOW, null)
                        .applications(),
                is(List.of()));
    }

    @Test
    public void trap11StatusesAreDistinguished() {
        assertThat(ArgoCdErrors.of(401), containsString("token was rejected"));
        assertThat(
                ArgoCdErrors.ofApplications(403, "shop", "checkout-prod"),
                containsString("p, <account>, applications, get, shop/checkout-prod, allow"));
        assertThat(ArgoCdErrors.ofApplications(404, "shop", "to-delete"), is("there is no to-delete in project shop"));
        assertThat(
                ArgoCdRequests.application("shop", "team a", "checkout-prod"),
                is("/api/v1/applications/checkout-prod?project=shop&appNamespace=team%20a"));
    }

    @Test
    public void trap11ApplicationThatIsBeingDeletedIsNotLive() throws Exception {
        ApplicationStatus status = ArgoCdRecordings.status("15-deletion-in-progress");
        assertThat(status.deleting(), is(true));
        assertWaiting("is being deleted", decide(status, LinearBranch.awaiting(PRUNED, FIRST, PRUNED)));
    }

    @Test
    public void trap12OneRefreshPerCommitAndOneForAnAmbiguousSecond() throws Exception {
        RefreshTracker refreshTracker = new RefreshTracker();
        ArgoCdApplication state = ArgoCdRecordings.application("05-synced-healthy");
        assertThat(refreshTracker.due(state, List.of(FIRST), false, SINCE), is(List.of()));
        List<String> commit = refreshTracker.due(state, List.of(README), false, SINCE);
        assertThat(commit, is(List.of("commit " + README)));
        refreshTracker.begin(state, commit, SINCE);
        assertThat(refreshTracker.due(state, List.of(README), false, SINCE.plusSeconds(2)), is(List.of()));
        refreshTracker.end(state, commit, true, SINCE.plusSeconds(1));
        List<String> undecided = refreshTracker.due(state, List.of(README), false, SINCE.plusSeconds(2));
        assertThat(undecided, is(List.of("end 2026-11-21T06:09:50Z")));
        refreshTracker.begin(state, undecided, SINCE.plusSeconds(2));
        refreshTracker.end(state, undecided, true, SINCE.plusSeconds(3));
        assertThat(refreshTracker.due(state, List.of(README), false, SINCE.plusSeconds(20)), is(List.of()));
        assertThat(
                ArgoCdRecordings.application("05-synced-healthy-refresh-normal").ambiguousSyncEnd(), is(nullValue()));
    }

    @Test
    public void trap12FailedRefreshIsRetriedWithBackoff() throws Exception {
        RefreshTracker refreshTracker = new RefreshTracker();
        ArgoCdApplication state = ArgoCdRecordings.application("12-manual-outofsync");
        Instant now = SINCE;
        for (int pause : List.of(10, 30, 60, 120, 300, 300)) {
            List<String> reasons = refreshTracker.due(state, List.of(README), false, now);
            assertThat(reasons, is(List.of("commit " + README)));
            refreshTracker.begin(state, reasons, now);
            refreshTracker.end(state, reasons, false, now);
            now = now.plusSeconds(pause);
            assertThat(refreshTracker.due(state, List.of(README), false, now.minusMillis(1)), is(List.of()));
        }
    }

    @Test
    public void trap12FailedComparisonIsRepeatedUntilItSucceeds() throws Exception {
        RefreshTracker refreshTracker = new RefreshTracker();
        ArgoCdApplication state = ArgoCdRecordings.application("09-comparison-error-was-healthy");
        String compared = "commit " + IMAGE;
        refreshTracker.begin(state, List.of(compared), SINCE);
        refreshTracker.end(state, List.of(compared), true, SINCE);
        assertThat(refreshTracker.due(state, List.of(IMAGE), false, SINCE), is(List.of()));
        List<String> second = refreshTracker.due(state, List.of(IMAGE), false, SINCE.plusSeconds(10));
        assertThat(second, is(List.of("error")));
        refreshTracker.begin(state, second, SINCE.plusSeconds(10));
        refreshTracker.end(state, second, true, SINCE.plusSeconds(11));
        assertThat(refreshTracker.due(state, List.of(IMAGE), false, SINCE.plusSeconds(20)), is(List.of()));
        assertThat(refreshTracker.due(state, List.of(IMAGE), false, SINCE.plusSeconds(21)), is(List.of("error")));
    }

    @Test
    public void trap12UnansweredRefreshIndicatesADeadController() throws Exception {
        RefreshTracker refreshTracker = new RefreshTracker();
        ArgoCdApplication state = ArgoCdRecordings.application("05-synced-healthy");
        List<String> reasons = refreshTracker.due(state, List.of(README), false, SINCE);
        refreshTracker.begin(state, reasons, SINCE);
        assertThat(refreshTracker.isUnanswered(state, SINCE.plusSeconds(19)), is(false));
        assertThat(refreshTracker.isUnanswered(state, SINCE.plusSeconds(20)), is(true));
        refreshTracker.end(state, reasons, false, SINCE.plusSeconds(60));
        assertThat("still", refreshTracker.isUnanswered(state, SINCE.plusSeconds(61)), is(true));
        ArgoCdApplication compared = ArgoCdRecordings.application("05-synced-healthy-refresh-normal");
        assertThat(refreshTracker.isUnanswered(compared, SINCE.plusSeconds(62)), is(false));
    }

    @Test
    public void trap12ImmediatelyFailingRefreshIndicatesNothing() throws Exception {
        RefreshTracker refreshTracker = new RefreshTracker();
        ArgoCdApplication state = ArgoCdRecordings.application("05-synced-healthy");
        List<String> reasons = refreshTracker.due(state, List.of(README), false, SINCE);
        refreshTracker.begin(state, reasons, SINCE);
        refreshTracker.end(state, reasons, false, SINCE.plusSeconds(1));
        assertThat(refreshTracker.isUnanswered(state, SINCE.plusSeconds(100)), is(false));
    }

    @Test
    public void trap13DegradedForAnyReasonIsAFailureWithItsReason() throws Exception {
        ApplicationStatus status = ArgoCdRecordings.status("07-synced-degraded");
        Verdict verdict = decide(comparedASecondLater(status), LinearBranch.awaiting(FIRST, FIRST));
        assertThat(verdict, instanceOf(Verdict.Failed.class));
        assertThat(verdict.summary(), containsString("exceeded its progress deadline"));
    }

    /**
     * Returns the status after the refresh that is requested then, since the end of a recording is often still
     * inconclusive.
     */
    private static ApplicationStatus comparedASecondLater(ApplicationStatus s) {
        return comparedLater(s, 1);
    }

    private static ApplicationStatus comparedLater(ApplicationStatus s, int seconds) {
        return ApplicationStatusBuilder.of(s)
                .comparedAt(Instant.parse(s.comparedAt()).plusSeconds(seconds).toString())
                .build();
    }

    private static List<Verdict> verdicts(String stream, GitFacts branch) throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        for (ArgoCdApplication state : ArgoCdRecordings.stream(stream)) {
            verdicts.add(decide(state.statuses().get(0), branch));
        }
        return verdicts;
    }

    /** Returns the index of the first verdict from which on all are live; -1 if the last is not. */
    private static int liveFrom(List<Verdict> verdicts) {
        int from = verdicts.size();
        while (from > 0 && verdicts.get(from - 1) instanceof Verdict.Live) {
            from--;
        }
        assertThat(verdicts.subList(0, from).stream().noneMatch(Verdict.Live.class::isInstance), is(true));
        return from == verdicts.size() ? -1 : from;
    }

    private static Verdict decide(String recorded, GitFacts git) throws IOException {
        return decide(ArgoCdRecordings.status(recorded), git);
    }

    private static Verdict decide(ApplicationStatus status, GitFacts git) throws IOException {
        return AwaitDecision.decide(
                expectation(git.tip(), SINCE), List.of(snapshot(status)), git, ArgoCdRecordings.NOW);
    }

    private static AgentSnapshot snapshot(ApplicationStatus status) {
        return new AgentSnapshot(AgentKind.ARGO_CD, "argocd", ArgoCdRecordings.NOW, false, null, status);
    }

    private static Expectation expectation(String revision, Instant since) {
        Target target = new Target("checkout", "prod", "services/checkout/overlays/prod", null);
        return new Expectation(target, revision, List.of(), true, since, Duration.ZERO);
    }

    private static void assertLive(String revision, Verdict verdict) {
        assertThat(verdict.summary(), verdict, instanceOf(Verdict.Live.class));
        assertThat(((Verdict.Live) verdict).syncedRevision(), is(revision));
    }

    private static void assertWaiting(String summary, Verdict verdict) {
        assertThat(verdict.summary(), verdict, instanceOf(Verdict.Waiting.class));
        assertThat(verdict.summary(), containsString(summary));
    }
}
