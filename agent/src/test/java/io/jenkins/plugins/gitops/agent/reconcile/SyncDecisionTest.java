package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.application.RetryPolicy;
import io.jenkins.plugins.gitops.agent.reconcile.SyncDecision.Action;
import io.jenkins.plugins.gitops.agent.reconcile.SyncDecision.SyncInputs;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** The table of actions by comparison result. */
public class SyncDecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String NEW = "hash of the new state";
    private static final String OLD = "hash of the old state";
    private static final RetryPolicy RETRY = new RetryPolicy(2, Duration.ofSeconds(5), 2, Duration.ofMinutes(3));

    private RetryPolicy retryPolicy = RETRY;
    private boolean automated = true;
    private boolean prune = true;
    private boolean selfHeal = true;
    private boolean allowEmpty;
    private boolean differs = true;
    private boolean onlyExtra;
    private boolean wouldWipeOut;
    private boolean requested;
    private PrunePlan plan = PrunePlan.NOTHING;
    private SyncOperation last;
    private String revision = "r";
    private Set<String> blockers = Set.of();
    private boolean reconnected;

    @Test
    public void nothingDiffers() {
        differs = false;
        requested = true;
        assertDecided(Action.NOTHING);
    }

    @Test
    public void firstComparisonSyncs() {
        assertDecided(Action.SYNC);
    }

    @Test
    public void automationIsOff() {
        automated = false;
        assertThat(assertDecided(Action.NOTHING).why(), is("automated sync is off"));
    }

    @Test
    public void manualRequestSyncsWithAutomationOff() {
        automated = false;
        requested = true;
        assertDecided(Action.SYNC);
    }

    @Test
    public void requestedSyncContinuesAfterAnOutage() {
        automated = false;
        last = failed(NEW, OperationPhase.RUNNING, 0, NOW.minusSeconds(1), true);
        SyncDecision waiting = assertDecided(Action.WAIT);
        assertThat(waiting.delay(), is(Duration.ofSeconds(4)));
        last = failed(NEW, OperationPhase.RUNNING, 0, NOW.minusSeconds(5), true);
        assertDecided(Action.RETRY);
    }

    @Test
    public void requestedSyncDoesNotContinueWithAnotherState() {
        automated = false;
        last = failed(OLD, OperationPhase.RUNNING, 0, NOW.minusSeconds(60), true);
        assertThat(assertDecided(Action.NOTHING).why(), is("automated sync is off"));
    }

    @Test
    public void requestedSyncDoesNotContinueAfterItsRetries() {
        automated = false;
        last = failed(NEW, OperationPhase.FAILED, 2, NOW.minusSeconds(600), true);
        assertThat(assertDecided(Action.NOTHING).why(), is("automated sync is off"));
    }

    @Test
    public void requestedSyncDoesNotContinueAfterARejection() {
        automated = false;
        last = failed(NEW, OperationPhase.RUNNING, 0, NOW.minusSeconds(60), false);
        assertThat(assertDecided(Action.NOTHING).why(), is("automated sync is off"));
    }

    @Test
    public void onlyLeftoversWithoutPrune() {
        prune = false;
        onlyExtra = true;
        assertThat(assertDecided(Action.NOTHING).why(), is("pruning is off"));
    }

    @Test
    public void onlyLeftoversWithPrune() {
        onlyExtra = true;
        assertDecided(Action.SYNC);
    }

    @Test
    public void emptyGitDoesNotPruneEverything() {
        wouldWipeOut = true;
        onlyExtra = true;
        assertThat(assertDecided(Action.NOTHING).why(), containsString("allowEmpty"));
    }

    @Test
    public void emptyGitDoesNotPruneEverythingEvenOnManualRequest() {
        wouldWipeOut = true;
        onlyExtra = true;
        requested = true;
        assertDecided(Action.NOTHING);
    }

    @Test
    public void emptyGitPrunesEverythingWithAllowEmpty() {
        wouldWipeOut = true;
        onlyExtra = true;
        allowEmpty = true;
        assertDecided(Action.SYNC);
    }

    @Test
    public void anotherStateThanTheLastOneApplied() {
        last = succeeded(OLD, 0, 60);
        assertDecided(Action.SYNC);
    }

    @Test
    public void driftOfWhatWasApplied() {
        last = succeeded(NEW, 0, 0);
        assertDecided(Action.HEAL);
    }

    @Test
    public void driftWithoutSelfHeal() {
        last = succeeded(NEW, 0, 60);
        selfHeal = false;
        assertDecided(Action.NOTHING);
    }

    @Test
    public void repeatedDriftIsHealedWithBackoff() {
        last = succeeded(NEW, SyncDecision.QUICK_HEALS, 1);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(4)));
    }

    @Test
    public void delayedHealIsDue() {
        last = succeeded(NEW, SyncDecision.QUICK_HEALS, 5);
        assertDecided(Action.HEAL);
    }

    @Test
    public void driftAfterAQuietPeriodResetsTheBackoff() {
        last = succeeded(NEW, SyncDecision.QUICK_HEALS, 61);
        assertDecided(Action.HEAL);
    }

    @Test
    public void failureWaitsForItsRetry() {
        last = failed(NEW, 0, 2);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(3)));
    }

    @Test
    public void secondBackoffIsLonger() {
        last = failed(NEW, 1, 2);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(8)));
    }

    @Test
    public void failureIsRetriedAfterItsBackoff() {
        last = failed(NEW, 0, 5);
        assertDecided(Action.RETRY);
    }

    @Test
    public void failureIsAbandonedAfterTheLastRetryWithoutSelfHeal() {
        selfHeal = false;
        last = givenUp(2, 3600);
        assertDecided(Action.NOTHING);
    }

    @Test
    public void failureIsRetriedIndefinitelyWithSelfHeal() {
        last = givenUp(2, 15);
        assertThat("5 s, doubled twice", assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(5)));
        last = givenUp(2, 20);
        assertDecided(Action.RETRY);
    }

    @Test
    public void slowRetriesComeAtLeastEveryThreeMinutes() {
        last = givenUp(4000, 179);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(1)));
        last = givenUp(4000, 180);
        assertDecided(Action.RETRY);
    }

    @Test
    public void slowRetriesAreSlowHoweverShortTheBackoff() {
        retryPolicy = new RetryPolicy(0, Duration.ofMillis(50), 2, Duration.ofMinutes(3));
        last = givenUp(0, 9);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(1)));
    }

    @Test
    public void slowRetriesBackOffEvenWithConstantBackoff() {
        retryPolicy = new RetryPolicy(2, Duration.ofSeconds(3), 1, Duration.ofMinutes(3));
        last = givenUp(6, 159);
        assertThat("10 s, doubled four times", assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(1)));
        last = givenUp(6, 160);
        assertDecided(Action.RETRY);
    }

    @Test
    public void unreachableServerIsRetriedIndefinitelyWithoutSelfHeal() {
        selfHeal = false;
        last = failed(NEW, OperationPhase.FAILED, 2, NOW.minusSeconds(20), true);
        assertDecided(Action.RETRY);
    }

    @Test
    public void anotherCommitIsTriedEvenWithTheSameManifests() {
        selfHeal = false;
        revision = "another";
        last = givenUp(2, 4);
        assertThat("not at once", assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(1)));
        last = givenUp(2, 5);
        assertDecided(Action.RETRY);
    }

    @Test
    public void anotherCommitDoesNotUseUpTheRetries() {
        revision = "another";
        last = failed(NEW, 1, 6);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(4)));
    }

    @Test
    public void changedCauseOfFailureIsRetriedAtOnce() {
        selfHeal = false;
        last = givenUp(2, 6).blockedBy(Set.of("Widget w MISSING"));
        assertDecided(Action.RETRY);
        blockers = Set.of("Widget w MISSING");
        assertDecided(Action.NOTHING);
        blockers = Set.of("namespace shop Terminating");
        assertDecided(Action.RETRY);
    }

    @Test
    public void recoveredApiServerIsRetriedAtOnce() {
        selfHeal = false;
        last = givenUp(2, 6);
        reconnected = true;
        assertDecided(Action.RETRY);
    }

    @Test
    public void neverRetriesFasterThanTheBackoffWithoutAReason() {
        last = failed(NEW, 0, 6);
        retryPolicy = new RetryPolicy(2, Duration.ofSeconds(60), 2, Duration.ofMinutes(3));
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(54)));
    }

    @Test
    public void failedSyncReportsItsNextRetry() {
        assertThat(givenUp(2, 0).report(NOW.plusSeconds(20)).message(), is("no; next attempt at 2026-01-01T12:00:20Z"));
        assertThat(givenUp(2, 0).report(null).message(), is("no"));
    }

    @Test
    public void newerStateEndsTheRetriesOfTheOldOne() {
        last = failed(OLD, 0, 1);
        assertDecided(Action.SYNC);
    }

    @Test
    public void manualRequestDoesNotWaitForTheRetry() {
        last = failed(NEW, 0, 1);
        requested = true;
        assertDecided(Action.SYNC);
    }

    @Test
    public void pendingDeletionsAreNotAReasonToSync() {
        onlyExtra = true;
        plan = new PrunePlan(List.of(), "has to be confirmed", null, false);
        assertThat(assertDecided(Action.NOTHING).why(), is("has to be confirmed"));
        requested = true;
        assertDecided(Action.NOTHING);
    }

    @Test
    public void otherChangesAreAppliedWhileDeletionsWait() {
        plan = new PrunePlan(List.of(), "has to be confirmed", null, false);
        assertDecided(Action.SYNC);
    }

    @Test
    public void deferredDeletionsAreNotDrift() {
        onlyExtra = true;
        selfHeal = false;
        last = succeeded(NEW, 0, 60);
        assertDecided(Action.NOTHING);
        plan = new PrunePlan(List.of(), null, null, true);
        assertDecided(Action.SYNC);
        last = failed(NEW, 0, 2);
        assertDecided(Action.WAIT);
    }

    private SyncDecision assertDecided(Action expected) {
        ApplicationSpec spec = new ApplicationSpecBuilder("path", "namespace")
                .automated(automated)
                .prune(prune)
                .selfHeal(selfHeal)
                .allowEmpty(allowEmpty)
                .createNamespace(false)
                .retry(retryPolicy)
                .build();
        SyncInputs syncInputs = new SyncInputs(
                NEW, differs, onlyExtra, wouldWipeOut, plan, last, requested, revision, blockers, reconnected);
        SyncDecision decision = SyncDecision.decide(syncInputs, spec, NOW);
        assertThat(decision.action(), is(expected));
        return decision;
    }

    private static SyncOperation succeeded(String hash, int heals, long secondsAgo) {
        Instant then = NOW.minusSeconds(secondsAgo);
        return new SyncOperation("r", hash, OperationPhase.SUCCEEDED, then, then, 0, heals, null, Set.of(), false);
    }

    private static SyncOperation failed(String hash, int retries, long secondsAgo) {
        Instant then = NOW.minusSeconds(secondsAgo);
        return failed(hash, OperationPhase.RUNNING, retries, then, false);
    }

    private static SyncOperation givenUp(int retries, long secondsAgo) {
        return failed(NEW, OperationPhase.FAILED, retries, NOW.minusSeconds(secondsAgo), false);
    }

    private static SyncOperation failed(String hash, OperationPhase phase, int retries, Instant then, boolean outage) {
        return new SyncOperation("r", hash, phase, then, then, retries, 0, "no", Set.of(), outage);
    }
}
