package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdClient;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdSettings;
import io.jenkins.plugins.gitops.core.argocd.client.AwaitedCommit;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What Jenkins runs for one Argo CD server: the client, a tick each second, and the list of all waits. */
final class ArgoCdReader implements AutoCloseable {
    private static final long TICK_MILLIS = 1_000;
    private static final long SOON_MILLIS = 50;

    private final ExecutorService http = Executors.newFixedThreadPool(2);
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Map<Expectation, AwaitedCommit> waits = new ConcurrentHashMap<>();
    private final ArgoCdServer server;

    private ArgoCdReader(String url, String token) {
        HttpClient client = ArgoCdClient.configured(HttpClient.newBuilder().executor(http));
        server = new ArgoCdServer(
                new ArgoCdSettings(ArgoCdDelivery.NAME, url, List.of(ArgoCdPlane.PROJECT)),
                () -> client,
                () -> "Bearer " + token,
                pool,
                InstantSource.system(),
                news -> {});
    }

    /**
     * Starts reading.
     *
     * @param url of the API, without a trailing slash
     * @param token a token that may read the tests' project
     */
    static ArgoCdReader start(String url, String token) {
        ArgoCdReader reader = new ArgoCdReader(url, token);
        reader.timer.scheduleWithFixedDelay(reader::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return reader;
    }

    private void tick() {
        Instant now = Instant.now();
        try {
            server.tick(now);
        } catch (RuntimeException | Error e) {
            server.failed(e, now);
        }
    }

    /** Registers a wait. */
    void awaited(String repository, Expectation expectation) {
        Set<String> keys = Set.of(RepositoryKey.of(repository));
        waits.put(
                expectation,
                new AwaitedCommit(keys, expectation.target(), expectation.revision(), expectation.images()));
        waitsChanged();
    }

    /** Removes a wait. */
    void released(Expectation expectation) {
        waits.remove(expectation);
        waitsChanged();
    }

    private void waitsChanged() {
        try {
            timer.schedule(
                    () -> {
                        server.awaiting(List.copyOf(waits.values()));
                        tick();
                    },
                    SOON_MILLIS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed in the meantime, so there are no waits left.
        }
    }

    /** Returns the known snapshots of the targets of a repository. */
    Function<Target, List<AgentSnapshot>> of(String repository) {
        Set<String> keys = Set.of(RepositoryKey.of(repository));
        return target -> server.snapshots(keys, repository, target, Instant.now());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        server.close();
        pool.shutdownNow();
        http.shutdownNow();
    }
}
