package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.application.Retry;
import io.jenkins.plugins.gitops.agent.reconcile.SyncDecision.Action;
import io.jenkins.plugins.gitops.agent.reconcile.SyncDecision.Facts;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** The table of what is done about what was found. */
public class SyncDecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String NEW = "hash of the new state";
    private static final String OLD = "hash of the old state";
    private static final Retry RETRY = new Retry(2, Duration.ofSeconds(5), 2, Duration.ofMinutes(3));

    private boolean automated = true;
    private boolean prune = true;
    private boolean selfHeal = true;
    private boolean allowEmpty;
    private boolean differs = true;
    private boolean onlyExtra;
    private boolean wouldWipeOut;
    private boolean requested;
    private PrunePlan plan = PrunePlan.NOTHING;
    private Operation last;

    @Test
    public void nothingDiffers() {
        differs = false;
        requested = true;
        assertDecided(Action.NOTHING);
    }

    @Test
    public void firstSight() {
        assertDecided(Action.SYNC);
    }

    @Test
    public void automationIsOff() {
        automated = false;
        assertThat(assertDecided(Action.NOTHING).why(), is("automated sync is off"));
    }

    @Test
    public void automationIsOffAndAPersonAsks() {
        automated = false;
        requested = true;
        assertDecided(Action.SYNC);
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
    public void emptyGitDoesNotWipeOut() {
        wouldWipeOut = true;
        onlyExtra = true;
        assertThat(assertDecided(Action.NOTHING).why(), containsString("allowEmpty"));
    }

    @Test
    public void emptyGitDoesNotWipeOutEvenWhenAPersonAsks() {
        wouldWipeOut = true;
        onlyExtra = true;
        requested = true;
        assertDecided(Action.NOTHING);
    }

    @Test
    public void emptyGitWipesOutWhereThatIsAllowed() {
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
    public void driftAgainAndAgainIsTakenBackSlowly() {
        last = succeeded(NEW, SyncDecision.QUICK_HEALS, 1);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(4)));
    }

    @Test
    public void slowHealComes() {
        last = succeeded(NEW, SyncDecision.QUICK_HEALS, 5);
        assertDecided(Action.HEAL);
    }

    @Test
    public void driftAfterACalmTimeIsANewOne() {
        last = succeeded(NEW, SyncDecision.QUICK_HEALS, 61);
        assertDecided(Action.HEAL);
    }

    @Test
    public void failureWaitsForItsRetry() {
        last = failed(NEW, 0, 2);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(3)));
    }

    @Test
    public void secondWaitIsLonger() {
        last = failed(NEW, 1, 2);
        assertThat(assertDecided(Action.WAIT).delay(), is(Duration.ofSeconds(8)));
    }

    @Test
    public void failureIsRetriedAfterItsWait() {
        last = failed(NEW, 0, 5);
        assertDecided(Action.RETRY);
    }

    @Test
    public void failureIsGivenUpInTheEnd() {
        last = failed(NEW, 2, 3600);
        assertDecided(Action.NOTHING);
    }

    @Test
    public void newerStateEndsTheRetriesOfTheOldOne() {
        last = failed(OLD, 0, 1);
        assertDecided(Action.SYNC);
    }

    @Test
    public void personDoesNotWaitForTheRetry() {
        last = failed(NEW, 0, 1);
        requested = true;
        assertDecided(Action.SYNC);
    }

    @Test
    public void deletionsThatWaitAreNoReasonToSync() {
        onlyExtra = true;
        plan = new PrunePlan(List.of(), "has to be confirmed", null, false);
        assertThat(assertDecided(Action.NOTHING).why(), is("has to be confirmed"));
        requested = true;
        assertDecided(Action.NOTHING);
    }

    @Test
    public void restIsAppliedWhileDeletionsWait() {
        plan = new PrunePlan(List.of(), "has to be confirmed", null, false);
        assertDecided(Action.SYNC);
    }

    @Test
    public void deletionsThatHadToWaitAreNoDrift() {
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
        ApplicationSpec spec = new ApplicationSpec(
                "path", "namespace", automated, prune, selfHeal, allowEmpty, false, "foreground", RETRY, List.of(), ResourceOptions.NONE);
        SyncDecision decision =
                SyncDecision.decide(new Facts(NEW, differs, onlyExtra, wouldWipeOut, plan, last, requested), spec, NOW);
        assertThat(decision.action(), is(expected));
        return decision;
    }

    private static Operation succeeded(String hash, int heals, long secondsAgo) {
        Instant then = NOW.minusSeconds(secondsAgo);
        return new Operation("r", hash, OperationPhase.SUCCEEDED, then, then, 0, heals, null);
    }

    private static Operation failed(String hash, int retries, long secondsAgo) {
        Instant then = NOW.minusSeconds(secondsAgo);
        return new Operation("r", hash, OperationPhase.RUNNING, then, then, retries, 0, "no");
    }
}
