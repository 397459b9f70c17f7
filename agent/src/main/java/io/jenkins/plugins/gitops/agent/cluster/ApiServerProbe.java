package io.jenkins.plugins.gitops.agent.cluster;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Whether the API server answers. Watches are silent, and connect again without end, when it does not: what they told last
 * would pass for the present.
 */
final class ApiServerProbe implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SERVER_ERROR = 500;

    private final ClusterApi api;
    private final ScheduledExecutorService executor;
    private volatile ClusterException problem;

    ApiServerProbe(ClusterApi api, String agent) {
        this.api = api;
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "gitops-probe-" + agent);
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        executor.scheduleWithFixedDelay(this::probe, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void probe() {
        try {
            api.ping(TIMEOUT);
            problem = null;
        } catch (ClusterException e) {
            // Any other answer is one, even that this client may not ask.
            problem = e.code() == 0 || e.code() >= SERVER_ERROR ? e : null;
        }
    }

    boolean isReachable() {
        return problem == null;
    }

    /** @throws ClusterException when the server did not answer the last time */
    void require() throws ClusterException {
        ClusterException last = problem;
        if (last != null) {
            throw last;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
