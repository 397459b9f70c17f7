package io.jenkins.plugins.gitops.agent.cluster;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Checks whether the API server responds. If it does not, watches only keep reconnecting without reporting it, so that
 * their last state would be taken for the current one.
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
            // Any other response shows that the server is reachable, even one that denies the request.
            problem = e.code() == 0 || e.code() >= SERVER_ERROR ? e : null;
        }
    }

    boolean isReachable() {
        return problem == null;
    }

    /** @throws ClusterException if the server did not respond to the last probe */
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
