package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** What waits to be written. One task at a time takes what is there as one group. */
final class ChangeQueue {
    /** A group whose push takes too long would make everybody wait for its retries. */
    private static final int LARGEST_GROUP = 256;

    private final Writer writer;
    private final Executor executor;
    private final LocalClone clone;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean scheduled;

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
            next();
        } finally {
            complete(group, outcomes, unexpected);
        }
        clone.maintainNowAndThen();
    }

    private List<Waiting> take() {
        synchronized (waiting) {
            List<Waiting> first = waiting.subList(0, Math.min(LARGEST_GROUP, waiting.size()));
            List<Waiting> group = List.copyOf(first);
            first.clear();
            return group;
        }
    }

    private void next() {
        synchronized (waiting) {
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
