package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.git.remote.RemoteBranch;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Brings groups of changes to the remote, through races and refusals. One group at a time. Never waits for a remote that
 * is in trouble: what could not be written then is for another round.
 */
final class GroupPusher {
    private static final long INITIAL_PAUSE = 25;
    private static final long MAX_PAUSE = 500;
    private static final Duration MAX_RACE_TIME = Duration.ofSeconds(60);
    /**
     * How often the branch is looked at after a refusal until it is believed: another push may hold the server's lock and
     * have moved the branch only a moment later. What is refused is not sent again for that.
     */
    private static final int MAX_FETCHES = 4;

    private final LocalClone clone;
    private final TreeCache treeCache;
    private final FileLog files;
    private final OperationIndex index;
    private final PlanRunner planning;
    private final RemoteBranch remoteBranch;
    private final Duration racing;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * The tip that a push was to move which nobody answered: it may still arrive there, until the branch is seen elsewhere.
     * Null when there is none.
     */
    @CheckForNull
    private ObjectId unacknowledgedPushBase;

    /** The changes of that push. */
    private final Set<Change> unacknowledgedChanges = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * What became of a group.
     *
     * @param outcomes of the changes that are done with
     * @param failure why there are others, to be tried again later; null when there are none
     */
    record PushRound(
            Map<Change, CommitGroup.ChangeOutcome> outcomes,
            @CheckForNull GitRemoteException failure) {}

    GroupPusher(LocalClone clone, TreeCache treeCache, FileLog files, RemoteBranch remoteBranch, GitOptions options) {
        this.clone = clone;
        this.treeCache = treeCache;
        this.files = files;
        this.index = new OperationIndex(clone);
        this.planning = new PlanRunner(options.planTime());
        this.remoteBranch = remoteBranch;
        this.racing = options.deadline().compareTo(MAX_RACE_TIME) < 0 ? options.deadline() : MAX_RACE_TIME;
    }

    /** Wakes a writer that pauses. */
    void close() {
        closed.countDown();
    }

    /** Never throws for what goes wrong with the remote. */
    PushRound write(List<Change> changes) {
        Map<Change, CommitGroup.ChangeOutcome> outcomes = new HashMap<>();
        GitRemoteException trouble = write(changes, System.nanoTime() + racing.toNanos(), outcomes);
        return new PushRound(outcomes, trouble);
    }

    @CheckForNull
    private GitRemoteException write(List<Change> changes, long end, Map<Change, CommitGroup.ChangeOutcome> outcomes) {
        try {
            new PushAttempts(changes, end)
                    .run()
                    .forEach((change, outcome) -> outcomes.put(change, withUncertainty(change, outcome)));
            return null;
        } catch (PushRejectedException e) {
            if (changes.size() == 1) {
                fail(changes, e.failure, outcomes);
                return null;
            }
            // The server may have refused all for the sake of one.
            int half = changes.size() / 2;
            GitRemoteException trouble = write(changes.subList(0, half), end, outcomes);
            return trouble == null ? write(changes.subList(half, changes.size()), end, outcomes) : trouble;
        } catch (GitRemoteException e) {
            if (e.isTemporary()) {
                return e;
            }
            fail(changes, e, outcomes);
            return null;
        } catch (RuntimeException e) {
            fail(changes, e, outcomes);
            return null;
        }
    }

    private void fail(List<Change> changes, Exception failure, Map<Change, CommitGroup.ChangeOutcome> outcomes) {
        changes.forEach(change -> outcomes.put(change, failed(change, failure)));
    }

    private CommitGroup.ChangeOutcome withUncertainty(Change change, CommitGroup.ChangeOutcome outcome) {
        return outcome.failure() == null ? outcome : failed(change, outcome.failure());
    }

    /** Who did not hear the answer cannot say that nothing was written. */
    CommitGroup.ChangeOutcome failed(Change change, Throwable failure) {
        if (unacknowledgedPushBase == null || !unacknowledgedChanges.contains(change)) {
            return new CommitGroup.ChangeOutcome(null, failure);
        }
        String last = String.valueOf(failure.getMessage());
        return new CommitGroup.ChangeOutcome(
                null,
                new GitRemoteException(
                                "It is not known whether the change was pushed. "
                                        + (last.endsWith(".") ? last.substring(0, last.length() - 1) : last),
                                "Run it again: a change that was pushed is found by its operation ID and not written twice",
                                true)
                        .causedBy(failure));
    }

    private void noteUnacknowledged(ObjectId tip, List<Change> changes) {
        unacknowledgedPushBase = tip.copy();
        unacknowledgedChanges.addAll(changes);
    }

    private void noteAcknowledged() {
        unacknowledgedPushBase = null;
        unacknowledgedChanges.clear();
    }

    /** The server said no for good. */
    private static final class PushRejectedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final GitRemoteException failure;

        PushRejectedException(GitRemoteException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private final class PushAttempts {
        private final List<Change> changes;
        private final long end;
        private boolean rebuilt;
        private long pause = INITIAL_PAUSE;

        /** The remote's tip as fetched by this group; null before. */
        @CheckForNull
        private ObjectId fetchedTip;

        PushAttempts(List<Change> changes, long end) {
            this.changes = changes;
            this.end = end;
        }

        Map<Change, CommitGroup.ChangeOutcome> run() throws GitRemoteException, PushRejectedException {
            while (true) {
                // What the clone knows is tried first: when it is behind, the push says so and nothing is written.
                ObjectId tip = clone.tip() == null ? fetchTip() : clone.tip();
                CommitGroup group = plan(tip);
                if (group == null) {
                    continue;
                }
                boolean landed = group.head().equals(tip) ? fetchTip(tip) : push(tip, group);
                if (landed) {
                    return group.outcomes();
                }
            }
        }

        /** Null when the clone had to be made anew. */
        @CheckForNull
        private CommitGroup plan(ObjectId tip) throws GitRemoteException {
            try {
                return CommitGroup.plan(clone, files, treeCache, index, planning, tip, changes);
            } catch (IOException e) {
                rebuildClone(e);
                return null;
            }
        }

        private void rebuildClone(IOException e) throws GitRemoteException {
            if (rebuilt) {
                throw clone.unusableClone(e);
            }
            rebuilt = true;
            clone.noteDamage(e);
            fetchTip();
        }

        /** A change that writes nothing, or does not fit, must be so on the newest tip. */
        private boolean fetchTip(ObjectId tip) throws GitRemoteException {
            return tip.equals(fetchedTip) || fetchTip().equals(tip);
        }

        private ObjectId fetchTip() throws GitRemoteException {
            ObjectId now = clone.fetch();
            fetchedTip = now;
            if (!now.equals(unacknowledgedPushBase)) {
                noteAcknowledged();
            }
            return now;
        }

        private boolean push(ObjectId tip, CommitGroup group) throws GitRemoteException, PushRejectedException {
            RemoteBranch.PushOutcome pushOutcome;
            try {
                pushOutcome = clone.push(tip, group.unpushed());
            } catch (IOException e) {
                rebuildClone(e);
                return false;
            }
            switch (pushOutcome.outcome()) {
                case OK -> {
                    noteAcknowledged();
                    return true;
                }
                case NON_FAST_FORWARD -> {
                    backOffAfterRace();
                    fetchTip();
                    return false;
                }
                case REJECTED -> {
                    return landedOrMoved(tip, group, pushOutcome, MAX_FETCHES);
                }
                default -> {
                    fetchAfterTimeout(tip, pushOutcome);
                    return landedOrMoved(tip, group, pushOutcome, 0);
                }
            }
        }

        /** After a refusal or a lost answer only the branch tells what happened. */
        private boolean landedOrMoved(ObjectId tip, CommitGroup group, RemoteBranch.PushOutcome pushOutcome, int looks)
                throws GitRemoteException, PushRejectedException {
            for (int i = 0; i < looks && (i == 0 || tip.equals(clone.tip())); i++) {
                if (i > 0) {
                    pause();
                }
                fetchAfterRejection(pushOutcome);
            }
            ObjectId now = clone.tip();
            if (now != null && isAncestor(group.head(), now)) {
                noteAcknowledged();
                return true;
            }
            if (!tip.equals(now)) {
                backOffAfterRace();
                return false;
            }
            if (pushOutcome.outcome() == RemoteBranch.PushResult.REJECTED) {
                throw new PushRejectedException(pushOutcome.reason());
            }
            throw pushOutcome.reason();
        }

        /** The refusal is the news, not that the branch could not be looked at after it. */
        private void fetchAfterRejection(RemoteBranch.PushOutcome pushOutcome)
                throws GitRemoteException, PushRejectedException {
            try {
                fetchTip();
            } catch (GitRemoteException e) {
                if (e.isTemporary()) {
                    throw e;
                }
                throw new PushRejectedException(pushOutcome.reason());
            }
        }

        private boolean isAncestor(ObjectId commit, ObjectId tip) {
            try {
                return new CommitLog(clone).isAncestor(commit.name(), tip.name());
            } catch (IOException e) {
                clone.noteDamage(e);
                return false;
            }
        }

        private void fetchAfterTimeout(ObjectId tip, RemoteBranch.PushOutcome pushOutcome) throws GitRemoteException {
            boolean before = unacknowledgedPushBase != null;
            noteUnacknowledged(tip, changes);
            try {
                fetchTip();
            } catch (GitRemoteException e) {
                throw pushOutcome.reason();
            }
            if (pushOutcome.outcome() == RemoteBranch.PushResult.FAILED && !before) {
                // Answered, so nothing of it is under way any more.
                noteAcknowledged();
            }
        }

        private void backOffAfterRace() throws GitRemoteException {
            if (System.nanoTime() > end) {
                throw new GitRemoteException(
                        "Branch \"" + remoteBranch.branch() + "\" of " + remoteBranch.url()
                                + " kept moving while the push was retried",
                        "Try again when there are fewer concurrent pushes",
                        true);
            }
            pause();
        }

        /** Longer each time, and never the same for two writers, so that they do not meet again. */
        private void pause() throws GitRemoteException {
            long millis = ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
            pause = Math.min(2 * pause, MAX_PAUSE);
            try {
                if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                    throw clone.closedFailure();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw clone.closedFailure();
            }
        }
    }
}
