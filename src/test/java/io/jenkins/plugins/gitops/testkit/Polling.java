package io.jenkins.plugins.gitops.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for conditions for which there is no notification. */
public final class Polling {
    private static final Duration INTERVAL = Duration.ofMillis(10);

    /** Long, since it only determines how long a failing test takes. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private Polling() {}

    /**
     * Waits until a condition holds. It is evaluated in the test's own thread, which has the permissions of the test.
     *
     * @throws org.awaitility.core.ConditionTimeoutException after two minutes
     */
    public static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL)
                .atMost(TIMEOUT)
                .until(condition);
    }
}
