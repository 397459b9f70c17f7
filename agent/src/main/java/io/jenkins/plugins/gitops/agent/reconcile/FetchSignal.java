package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Duration;

/** Wakes the thread that waits for the next fetch. A signal while it is not waiting is not lost. */
final class FetchSignal {
    private boolean raised;

    synchronized void raise() {
        raised = true;
        notifyAll();
    }

    /** Waits for a signal, or until the time is over. */
    synchronized void await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!raised) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
        raised = false;
    }
}
