package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;

/**
 * Registers the changes of one step at {@link WaitRegistry}, and remembers what each of them waits for. Created again
 * after each restart; nothing of it is stored.
 */
final class AwaitRegistrations {
    private final String operation;
    private final List<WaitProgressLog> logs;
    /** The changes that are applied, but not ready yet. */
    private final Set<Integer> unready = ConcurrentHashMap.newKeySet();

    private final IntConsumer onProgress;
    private final ObjIntConsumer<Verdict> onEnd;

    /**
     * @param operation of the step, which makes the ids of its waits unique
     * @param size number of changes
     * @param onProgress called with the index of a change whose reason for waiting changed; must return quickly, since
     *     all waits are evaluated one after the other
     * @param onEnd called with the final verdict and the index of the change; must return quickly, too
     */
    AwaitRegistrations(String operation, int size, IntConsumer onProgress, ObjIntConsumer<Verdict> onEnd) {
        this.operation = operation;
        this.logs = Stream.generate(WaitProgressLog::new).limit(size).toList();
        this.onProgress = onProgress;
        this.onEnd = onEnd;
    }

    /** @param at index of the change */
    void register(int at, String repository, Expectation expectation) {
        WaitRegistry.get().register(id(at), repository, expectation, verdict -> decided(at, verdict));
    }

    /** Called with each verdict; sequentially for each change. */
    private void decided(int at, Verdict verdict) {
        if (!(verdict instanceof Verdict.Waiting waiting)) {
            onEnd.accept(verdict, at);
            return;
        }
        if (waiting.unready()) {
            unready.add(at);
        } else {
            unready.remove(at);
        }
        if (logs.get(at).add(TextSanitizer.line(verdict.summary()), System.nanoTime())) {
            onProgress.accept(at);
        }
    }

    /** Unregisters all waits; does nothing if they are already unregistered. */
    void unregister() {
        for (int i = 0; i < logs.size(); i++) {
            WaitRegistry.get().unregister(id(i));
        }
    }

    private String id(int at) {
        return operation + "#" + at;
    }

    /** Removes and returns the pending lines, oldest first. */
    List<String> takeLines(int at) {
        return logs.get(at).take();
    }

    /** What a change waits for; empty before the first verdict. */
    String current(int at) {
        return logs.get(at).current();
    }

    /** Whether a change is applied and only waits for its resources to become ready; false before the first verdict. */
    boolean isUnready(int at) {
        return unready.contains(at);
    }

    /** What the first change that is not live waits for, for the status of the step; empty before the first verdict. */
    String reason(List<AwaitedChange> changes) {
        for (int i = 0; i < logs.size(); i++) {
            if (!changes.get(i).isLive() && !current(i).isEmpty()) {
                return changes.get(i).id() + ": " + current(i);
            }
        }
        return "";
    }
}
