package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What waits to be written. One task at a time takes what is there as one group. */
final class ChangeQueue {
    /** A group whose push takes too long would make everybody wait for its retries. */
    private static final int LARGEST_GROUP = 256;
    /** How long those who just heard of their change are given to come with their next one. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Writer writer;
    private final Executor executor;
    private final LocalClone clone;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean scheduled;
    /** How many changes the last push carried, and when it ended; guarded by {@link #waiting}. */
    private int lastGroup;

    private long lastEnd;

    private record Waiting(Change change, CompletableFuture<ChangeResult> future) {}

    ChangeQueue(Writer writer, Executor executor, LocalClone clone) {
        this.writer = writer;
        this.executor = executor;
        this.clone = clone;
    }

    CompletableFuture<ChangeResult> submit(Change change) {
        CompletableFuture<ChangeResult> future = new CompletableFuture<>();
        synchronized (waiting) {
            if (clone.isClosed()) {
                return CompletableFuture.failedFuture(clone.closedFailure());
            }
            waiting.add(new Waiting(change, future));
            waiting.notifyAll();
            if (scheduled) {
                return future;
            }
            scheduled = true;
        }
        schedule();
        return future;
    }

    private void schedule() {
        try {
            executor.execute(this::writeNext);
        } catch (RejectedExecutionException e) {
            close();
        }
    }

    private void writeNext() {
        List<Waiting> group = take();
        Map<Change, Group.Outcome> outcomes = new HashMap<>();
        Throwable unexpected = null;
        try {
            List<Change> changes =
                    group.stream().map(Waiting::change).distinct().toList();
            if (!changes.isEmpty()) {
                outcomes = writer.write(changes);
            }
        } catch (RuntimeException | Error e) {
            // Told as it is: nobody knows what was written.
            unexpected = e;
        }
        try {
            // Before the callers hear of it, so that what they do with it keeps nobody waiting.
            next(group.size());
        } finally {
            complete(group, outcomes, unexpected);
        }
        clone.maintainNowAndThen();
    }

    private List<Waiting> take() {
        synchronized (waiting) {
            gather();
            List<Waiting> first = waiting.subList(0, Math.min(LARGEST_GROUP, waiting.size()));
            List<Waiting> group = List.copyOf(first);
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

    private void next(int group) {
        synchronized (waiting) {
            lastGroup = group;
            lastEnd = System.nanoTime();
            scheduled = !waiting.isEmpty();
            if (!scheduled) {
                return;
            }
        }
        schedule();
    }

    private static void complete(
            List<Waiting> group, Map<Change, Group.Outcome> outcomes, @CheckForNull Throwable unexpected) {
        for (Waiting one : group) {
            Group.Outcome outcome = outcomes.get(one.change());
            if (outcome != null && outcome.result() != null) {
                one.future().complete(outcome.result());
            } else {
                Throwable failure = outcome == null ? unexpected : outcome.failure();
                one.future()
                        .completeExceptionally(
                                failure == null ? new IllegalStateException("the change was not written") : failure);
            }
        }
    }

    /** Fails what waits; the group under way ends by itself. */
    void close() {
        List<Waiting> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
            waiting.clear();
            scheduled = false;
        }
        writer.close();
        left.forEach(one -> one.future().completeExceptionally(clone.closedFailure()));
    }
}
