package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.git.remote.ReadableDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The changes that wait to be written. One task at a time takes all waiting changes as one group. If the remote is
 * unavailable, the changes return to the queue instead of blocking a thread, and further changes join them.
 */
final class ChangeQueue {
    /** Limits the group size, since a retry after a race pushes the whole group again. */
    private static final int MAX_GROUP_SIZE = 256;
    /** How long to wait for further changes from callers whose last change just completed. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final GroupPusher groupPusher;
    private final Executor executor;
    private final LocalClone clone;
    private final Duration deadline;
    private final Backoff backoff;
    private final List<PendingChange> waiting = new ArrayList<>();
    private boolean scheduled;
    private boolean closed;
    /** Number of changes in the last push, and its end; guarded by {@link #waiting}. */
    private int lastGroup;

    private long lastEnd;

    /** Why the next attempt is delayed; guarded by {@link #waiting}. */
    @CheckForNull
    private String problem;

    ChangeQueue(GroupPusher groupPusher, Executor executor, LocalClone clone, GitOptions options) {
        this.groupPusher = groupPusher;
        this.executor = executor;
        this.clone = clone;
        this.deadline = options.deadline();
        this.backoff = new Backoff(options.firstPause(), options.longestPause());
    }

    CompletableFuture<ChangeResult> submit(Change change, Consumer<String> progress) {
        PendingChange pending = new PendingChange(change, progress, deadline);
        String known;
        synchronized (waiting) {
            if (closed || clone.isClosed()) {
                return CompletableFuture.failedFuture(clone.closedFailure());
            }
            waiting.add(pending);
            waiting.notifyAll();
            known = problem;
            if (scheduled && known == null) {
                return pending;
            }
            if (known == null) {
                scheduled = true;
            }
        }
        if (known == null) {
            schedule();
        } else {
            pending.log(known);
        }
        return pending;
    }

    /** Whether no change is waiting, being written or going to be retried. */
    boolean isIdle() {
        synchronized (waiting) {
            return !scheduled;
        }
    }

    private void schedule() {
        try {
            executor.execute(this::writeNext);
        } catch (RejectedExecutionException e) {
            close();
        }
    }

    private void writeNext() {
        List<PendingChange> group = take();
        GroupPusher.PushRound round = new GroupPusher.PushRound(Map.of(), null);
        Throwable unexpected = null;
        try {
            if (!group.isEmpty()) {
                round = groupPusher.write(
                        group.stream().map(PendingChange::change).toList());
            }
        } catch (RuntimeException | Error e) {
            // Reported unchanged, since it is unknown what was written.
            unexpected = e;
        }
        Map<PendingChange, CommitGroup.ChangeOutcome> ends = ends(group, round, unexpected);
        List<PendingChange> again =
                group.stream().filter(one -> !ends.containsKey(one)).toList();
        try {
            // Before the futures complete, so that slow callers do not delay the next group.
            next(ends.size(), again, round.failure());
        } finally {
            ends.forEach(PendingChange::completeWith);
        }
        clone.maintainIfDue();
    }

    /** The outcomes of completed changes; the others are retried. */
    private Map<PendingChange, CommitGroup.ChangeOutcome> ends(
            List<PendingChange> group, GroupPusher.PushRound round, @CheckForNull Throwable unexpected) {
        Map<PendingChange, CommitGroup.ChangeOutcome> ends = new LinkedHashMap<>();
        GitRemoteException reason = round.failure();
        for (PendingChange one : group) {
            CommitGroup.ChangeOutcome outcome = round.outcomes().get(one.change());
            if (outcome != null) {
                ends.put(one, outcome);
            } else if (reason == null) {
                Throwable failure =
                        unexpected == null ? new IllegalStateException("the change was not written") : unexpected;
                ends.put(one, new CommitGroup.ChangeOutcome(null, failure));
            } else if (one.isOver(reason)) {
                ends.put(one, groupPusher.failed(one.change(), one.failure(reason)));
            }
        }
        return ends;
    }

    private List<PendingChange> take() {
        synchronized (waiting) {
            problem = null;
            gather();
            List<PendingChange> first = waiting.subList(0, Math.min(MAX_GROUP_SIZE, waiting.size()));
            List<PendingChange> group =
                    first.stream().filter(PendingChange::start).toList();
            first.clear();
            return group;
        }
    }

    /**
     * Waits briefly for further changes if the last push had several. Callers in a loop all submit their next change
     * shortly after their common push; without this, the first of them would get a push of its own and the others would
     * have to wait for it. A change after a push of one change or none never waits.
     */
    private void gather() {
        try {
            long end = lastEnd + GATHER_NANOS;
            while (lastGroup > 1 && waiting.size() < lastGroup) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(waiting, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(int ended, List<PendingChange> again, @CheckForNull GitRemoteException reason) {
        Duration pause = null;
        if (reason == null) {
            backoff.reset();
        } else if (!again.isEmpty()) {
            pause = pause(again, reason);
        }
        String told = pause == null || reason == null
                ? null
                : reason.problem() + "; trying again in " + ReadableDuration.text(pause);
        if (!putBack(ended, again, told)) {
            again.forEach(one -> one.completeWith(new CommitGroup.ChangeOutcome(null, clone.closedFailure())));
            return;
        }
        if (pause == null || told == null) {
            return;
        }
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(this::schedule);
        again.forEach(one -> one.log(told));
    }

    /** False when the queue was closed meanwhile. */
    private boolean putBack(int ended, List<PendingChange> again, @CheckForNull String told) {
        synchronized (waiting) {
            if (closed) {
                return again.isEmpty();
            }
            again.forEach(PendingChange::pause);
            waiting.addAll(0, again);
            lastGroup = told == null ? ended : 0;
            lastEnd = System.nanoTime();
            problem = told;
            scheduled = !waiting.isEmpty();
            if (!scheduled || told != null) {
                return true;
            }
        }
        schedule();
        return true;
    }

    /**
     * The delay before the next attempt; ends at the earliest deadline of the changes, so that each gets a last attempt
     * then.
     */
    private Duration pause(List<PendingChange> again, GitRemoteException reason) {
        Duration pause = backoff.next(reason.retryAfter());
        for (PendingChange one : again) {
            pause = one.limitPause(pause, reason);
        }
        return pause;
    }

    /** Fails the waiting changes; the running group completes normally. */
    void close() {
        List<PendingChange> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
            waiting.clear();
            scheduled = false;
            closed = true;
        }
        groupPusher.close();
        left.forEach(one -> one.completeWith(new CommitGroup.ChangeOutcome(null, clone.closedFailure())));
    }
}
