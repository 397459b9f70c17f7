package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The action after a comparison.
 *
 * @param delay until the next reconciliation, for {@link Action#WAIT}; zero otherwise
 * @param why an explanation for the status; null if there is none
 */
record SyncDecision(
        Action action, Duration delay, @CheckForNull String why) {
    /** The number of consecutive heals without delay. */
    static final int QUICK_HEALS = 20;
    /** The time between two heals if something keeps changing the same resource back. */
    static final Duration SLOW_HEAL = Duration.ofSeconds(5);
    /** Drift at least this long after the last heal counts as new. */
    static final Duration HEAL_RESET = Duration.ofMinutes(1);

    enum Action {
        NOTHING,
        /** Sync a new desired state, or on request of a person. */
        SYNC,
        /** Correct drift of the cluster. */
        HEAL,
        /** Retry after the last attempt failed and the delay is over. */
        RETRY,
        WAIT
    }

    /**
     * The inputs of the decision.
     *
     * @param hash of the desired state
     * @param differs whether anything must be applied or pruned
     * @param onlyExtra whether the only differences are resources removed from Git
     * @param wouldPruneEverything whether pruning would delete everything, since Git has no resources
     * @param prune what may be deleted
     * @param last the last operation of this process; null if there was none
     * @param revision the newest revision of the branch
     * @param blockers the reasons why a sync would fail now that can disappear without a change in Git
     * @param reconnected whether the API server was unreachable since the last attempt, and is reachable now
     * @param requested whether a person requested a sync
     */
    record SyncInputs(
            String hash,
            boolean differs,
            boolean onlyExtra,
            boolean wouldPruneEverything,
            PrunePlan prune,
            @CheckForNull SyncOperation last,
            boolean requested,
            String revision,
            Set<String> blockers,
            boolean reconnected) {
        SyncInputs {
            blockers = Set.copyOf(blockers);
        }

        /** Whether the reason of the last failure may have disappeared. */
        boolean haveChanged() {
            boolean anotherCommit =
                    last.phase() == OperationPhase.FAILED && !last.revision().equals(revision);
            return anotherCommit || reconnected || !last.blockers().equals(blockers);
        }
    }

    /** Whether anything is applied or pruned now. */
    boolean acts() {
        return action != Action.NOTHING && action != Action.WAIT;
    }

    private static final SyncDecision NOTHING = new SyncDecision(Action.NOTHING, Duration.ZERO, null);

    private static SyncDecision now(Action action) {
        return new SyncDecision(action, Duration.ZERO, null);
    }

    private static SyncDecision nothing(String why) {
        return new SyncDecision(Action.NOTHING, Duration.ZERO, why);
    }

    static SyncDecision decide(SyncInputs syncInputs, ApplicationSpec spec, Instant now) {
        if (!syncInputs.differs()) {
            return NOTHING;
        }
        if (syncInputs.wouldPruneEverything() && !spec.allowEmpty()) {
            return nothing("Git has no resources; nothing is pruned, since that would delete everything"
                    + " (syncPolicy.automated.allowEmpty)");
        }
        if (syncInputs.onlyExtra() && syncInputs.prune().held() != null) {
            return nothing(syncInputs.prune().held());
        }
        if (syncInputs.requested()) {
            return now(Action.SYNC);
        }
        SyncOperation last = syncInputs.last();
        boolean interrupted =
                last != null && last.isInterrupted() && last.hash().equals(syncInputs.hash());
        if (!spec.automated()) {
            return interrupted ? afterFailure(syncInputs, spec, now) : nothing("automated sync is off");
        }
        if (syncInputs.onlyExtra() && !spec.prune()) {
            return nothing("pruning is off");
        }
        if (last == null || !last.hash().equals(syncInputs.hash())) {
            return now(Action.SYNC);
        }
        if (last.hasFailed()) {
            return afterFailure(syncInputs, spec, now);
        }
        // These are the remaining deletions of the last sync, not drift.
        return syncInputs.onlyExtra() && syncInputs.prune().released()
                ? now(Action.SYNC)
                : afterSuccess(last, spec, now);
    }

    private static SyncDecision afterFailure(SyncInputs syncInputs, ApplicationSpec spec, Instant now) {
        Optional<Instant> scheduled = RetrySchedule.next(syncInputs.last(), spec);
        Optional<Instant> brought = syncInputs.haveChanged()
                ? Optional.of(syncInputs.last().finishedAt().plus(RetrySchedule.MIN_PAUSE))
                : Optional.empty();
        Optional<Instant> due =
                Stream.of(scheduled, brought).flatMap(Optional::stream).min(Instant::compareTo);
        if (due.isEmpty()) {
            return NOTHING;
        }
        Duration left = Duration.between(now, due.get());
        return left.isNegative() || left.isZero() ? now(Action.RETRY) : new SyncDecision(Action.WAIT, left, null);
    }

    private static SyncDecision afterSuccess(SyncOperation last, ApplicationSpec spec, Instant now) {
        if (!spec.selfHeal()) {
            return nothing("the cluster drifted, and self-heal is off");
        }
        Instant before = last.finishedAt() == null ? last.startedAt() : last.finishedAt();
        if (last.heals() < QUICK_HEALS || Duration.between(before, now).compareTo(HEAL_RESET) > 0) {
            return now(Action.HEAL);
        }
        Duration left = Duration.between(now, before.plus(SLOW_HEAL));
        return left.isNegative() || left.isZero()
                ? now(Action.HEAL)
                : new SyncDecision(Action.WAIT, left, "repeated drift; self-heal is backing off");
    }
}
