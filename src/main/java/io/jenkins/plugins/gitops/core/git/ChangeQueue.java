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
 * What waits to be written. One task at a time takes what is there as one group. What a remote in trouble did not take waits
 * in the queue, not on a thread, and what is asked for meanwhile joins it.
 */
final class ChangeQueue {
    /** A group whose push takes too long would make everybody wait for its retries. */
    private static final int MAX_GROUP_SIZE = 256;
    /** How long those who just heard of their change are given to come with their next one. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final GroupPusher groupPusher;
    private final Executor executor;
    private final LocalClone clone;
    private final Duration deadline;
    private final Backoff backoff;
    private final List<PendingChange> waiting = new ArrayList<>();
    private boolean scheduled;
    private boolean closed;
    /** How many changes the last push carried, and when it ended; guarded by {@link #waiting}. */
    private int lastGroup;

    private long lastEnd;

    /** Why the next try comes only later; guarded by {@link #waiting}. */
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
            // Told as it is: nobody knows what was written.
            unexpected = e;
        }
        Map<PendingChange, CommitGroup.ChangeOutcome> ends = ends(group, round, unexpected);
        List<PendingChange> again =
                group.stream().filter(one -> !ends.containsKey(one)).toList();
        try {
            // Before the callers hear of it, so that what they do with it keeps nobody waiting.
            next(ends.size(), again, round.failure());
        } finally {
            ends.forEach(PendingChange::completeWith);
        }
        clone.maintainIfDue();
    }

    /** What becomes of those that are done with; the others are tried again. */
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
     * Callers in a loop all come back a moment after their common push; without this, the first of them would have the next
     * push for itself and make the others wait for it. A change that follows a push of one, or none, never waits.
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

    /** Not longer than until the first of them is given up, so that each is tried once more at its end. */
    private Duration pause(List<PendingChange> again, GitRemoteException reason) {
        Duration pause = backoff.next(reason.retryAfter());
        for (PendingChange one : again) {
            pause = one.limitPause(pause, reason);
        }
        return pause;
    }

    /** Fails what waits; the group under way ends by itself. */
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
