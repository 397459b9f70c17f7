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
 * The changes of one step, registered at {@link WaitRegistry}, and what each of them waits for. Made anew after each
 * restart; nothing of it is stored.
 */
final class AwaitRegistrations {
    private final String operation;
    private final List<WaitProgressLog> logs;
    /** The changes that are applied and only not ready yet. */
    private final Set<Integer> unready = ConcurrentHashMap.newKeySet();

    private final IntConsumer onProgress;
    private final ObjIntConsumer<Verdict> onEnd;

    /**
     * @param operation the step's, so that its waits have ids of their own
     * @param size how many changes there are
     * @param onProgress called with a change that waits for something else now; quick, since all waits are looked at in
     *     a row
     * @param onEnd called with a change and the verdict that ends its wait; quick, too
     */
    AwaitRegistrations(String operation, int size, IntConsumer onProgress, ObjIntConsumer<Verdict> onEnd) {
        this.operation = operation;
        this.logs = Stream.generate(WaitProgressLog::new).limit(size).toList();
        this.onProgress = onProgress;
        this.onEnd = onEnd;
    }

    /** @param at which of the changes */
    void register(int at, String repository, Expectation expectation) {
        WaitRegistry.get().register(id(at), repository, expectation, verdict -> decided(at, verdict));
    }

    /** Called for each verdict, one after the other for one change. */
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

    /** Lets go of all of them; harmless when they are gone. */
    void unregister() {
        for (int i = 0; i < logs.size(); i++) {
            WaitRegistry.get().unregister(id(i));
        }
    }

    private String id(int at) {
        return operation + "#" + at;
    }

    /** Lines that nobody took yet, oldest first. */
    List<String> takeLines(int at) {
        return logs.get(at).take();
    }

    /** What a change waits for; empty before that is known. */
    String current(int at) {
        return logs.get(at).current();
    }

    /** Whether all that a change waits for is that what it applied becomes ready; false before that is known. */
    boolean isUnready(int at) {
        return unready.contains(at);
    }

    /** What the first change that is not live waits for, for the status of the step; empty before that is known. */
    String reason(List<AwaitedChange> changes) {
        for (int i = 0; i < logs.size(); i++) {
            if (!changes.get(i).isLive() && !current(i).isEmpty()) {
                return changes.get(i).id() + ": " + current(i);
            }
        }
        return "";
    }
}
