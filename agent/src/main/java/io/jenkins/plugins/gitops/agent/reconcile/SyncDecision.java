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
 * What to do about a comparison.
 *
 * @param delay until the next look, for {@link Action#WAIT}; zero otherwise
 * @param why in words, for the status; null when there is nothing to explain
 */
record SyncDecision(
        Action action, Duration delay, @CheckForNull String why) {
    /** Drifts that are taken back at once, one after another, before it gets slower. */
    static final int QUICK_HEALS = 20;
    /** Between two heals when somebody keeps changing the same thing back. */
    static final Duration SLOW_HEAL = Duration.ofSeconds(5);
    /** A drift this long after the last heal is a new one. */
    static final Duration HEAL_RESET = Duration.ofMinutes(1);

    enum Action {
        NOTHING,
        /** A new desired state, or asked for by a person. */
        SYNC,
        /** The cluster drifted from what was applied. */
        HEAL,
        /** The last try failed and its wait is over. */
        RETRY,
        WAIT
    }

    /**
     * What is known.
     *
     * @param hash of the desired state
     * @param differs whether something would have to be applied or pruned
     * @param onlyExtra whether what differs is only what Git no longer holds
     * @param wouldPruneEverything whether pruning would leave nothing, since Git holds nothing
     * @param prune what may be deleted
     * @param last the last operation of this process; null when there was none
     * @param revision the newest one of the branch
     * @param blockers what a sync would fail for now that can change without Git
     * @param reconnected whether the API server could not be asked since the last try, and now can
     * @param requested whether a person asked for a sync
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

        /** Whether the last try may have failed for something that is different now. */
        boolean haveChanged() {
            boolean anotherCommit =
                    last.phase() == OperationPhase.FAILED && !last.revision().equals(revision);
            return anotherCommit || reconnected || !last.blockers().equals(blockers);
        }
    }

    /** Whether something is applied or pruned now. */
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
        if (!spec.automated()) {
            return nothing("automated sync is off");
        }
        if (syncInputs.onlyExtra() && !spec.prune()) {
            return nothing("pruning is off");
        }
        SyncOperation last = syncInputs.last();
        if (last == null || !last.hash().equals(syncInputs.hash())) {
            return now(Action.SYNC);
        }
        if (last.hasFailed()) {
            return afterFailure(syncInputs, spec, now);
        }
        // The rest of the last sync, not a drift.
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
