package io.jenkins.plugins.gitops.testkit;

import io.jenkins.plugins.gitops.core.await.Verdict;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes the verdicts of waits from a queue. */
public final class Verdicts {
    private Verdicts() {}

    /**
     * Waits for the next verdict.
     *
     * @throws AssertionError if none comes within a minute
     */
    public static Verdict next(BlockingQueue<Verdict> verdicts) throws InterruptedException {
        Verdict verdict = verdicts.poll(1, TimeUnit.MINUTES);
        if (verdict == null) {
            throw new AssertionError("no verdict");
        }
        return verdict;
    }

    /** Waits for the next verdict that ends a wait. */
    public static Verdict end(BlockingQueue<Verdict> verdicts) throws InterruptedException {
        Verdict verdict;
        do {
            verdict = next(verdicts);
        } while (verdict instanceof Verdict.Waiting);
        return verdict;
    }
}
