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
 * Pushes groups of changes to the remote, and handles races and rejections. One group at a time. Does not wait for an
 * unavailable remote: the caller retries what could not be written.
 */
final class GroupPusher {
    private static final long INITIAL_PAUSE = 25;
    private static final long MAX_PAUSE = 500;
    private static final Duration MAX_RACE_TIME = Duration.ofSeconds(60);
    /**
     * How often the branch is fetched after a rejection before the rejection counts: a concurrent push may hold the
     * server's lock and move the branch a moment later. The rejected push is not sent again meanwhile.
     */
    private static final int MAX_FETCHES = 4;

    private final LocalClone clone;
    private final TreeCache treeCache;
    private final BranchTrees trees;
    private final DeepeningHistory history;
    private final FileLog files;
    private final OperationIndex index;
    private final PlanRunner planning;
    private final RemoteBranch remoteBranch;
    private final Duration racing;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * The expected tip of a push that got no response: the push may still succeed until the branch has another tip.
     * Null when there is none.
     */
    @CheckForNull
    private ObjectId unacknowledgedPushBase;

    /** The changes of that push. */
    private final Set<Change> unacknowledgedChanges = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * The result of pushing a group.
     *
     * @param outcomes of the completed changes
     * @param failure why the other changes must be retried later; null when there are none
     */
    record PushRound(
            Map<Change, CommitGroup.ChangeOutcome> outcomes,
            @CheckForNull GitRemoteException failure) {}

    GroupPusher(
            LocalClone clone,
            TreeCache treeCache,
            BranchTrees trees,
            FileLog files,
            RemoteBranch remoteBranch,
            GitOptions options) {
        this.clone = clone;
        this.treeCache = treeCache;
        this.trees = trees;
        this.history = new DeepeningHistory(clone);
        this.files = files;
        this.index = new OperationIndex(clone);
        this.planning = new PlanRunner(options.planTime());
        this.remoteBranch = remoteBranch;
        this.racing = options.deadline().compareTo(MAX_RACE_TIME) < 0 ? options.deadline() : MAX_RACE_TIME;
    }

    /** Wakes a pausing push. */
    void close() {
        closed.countDown();
    }

    /** Pushes a group; errors of the remote are part of the result. */
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
            // The server may have rejected the whole push because of one change.
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

    /**
     * The outcome of a failed change; if its push got no response, the message says that the change may have been
     * written.
     */
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
                                "Run it again: a change that was pushed is found by its operation ID and not written"
                                        + " twice",
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

    /** The server rejected the push permanently. */
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

        /** The remote's tip as fetched for this group; null before the first fetch. */
        @CheckForNull
        private ObjectId fetchedTip;

        PushAttempts(List<Change> changes, long end) {
            this.changes = changes;
            this.end = end;
        }

        Map<Change, CommitGroup.ChangeOutcome> run() throws GitRemoteException, PushRejectedException {
            while (true) {
                // Try the clone's tip without a fetch: if it is outdated, the push fails as non-fast-forward and writes
                // nothing.
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

        /** Null when the clone had to be recreated. */
        @CheckForNull
        private CommitGroup plan(ObjectId tip) throws GitRemoteException {
            // A rejected push shows that this branch has moved, but not that the policy's branch has, which is
            // therefore
            // fetched first.
            BranchTrees.TreeReader reader = trees.fetched();
            try {
                return history.query(
                        () -> CommitGroup.plan(clone, files, treeCache, reader, index, planning, tip, changes));
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

        /**
         * Fetches unless the tip is already the fetched one: a no-op or a rejected change must be confirmed on the
         * newest tip.
         */
        private boolean fetchTip(ObjectId tip) throws GitRemoteException {
            return tip.equals(fetchedTip) || fetchTip().equals(tip);
        }

        private ObjectId fetchTip() throws GitRemoteException {
            // A commit that this group may have pushed must not be pushed to another branch as well.
            ObjectId now = clone.fetch(() -> false);
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

        /** After a rejection or a missing response, determines from the branch whether the push succeeded. */
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

        /** Reports the rejection, not a permanent error of the fetch after it. */
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
                // The server responded, so the push is no longer running.
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

        /** Exponential backoff with jitter, so that two concurrent writers do not collide again. */
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
