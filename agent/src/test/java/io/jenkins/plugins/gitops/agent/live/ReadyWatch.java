package io.jenkins.plugins.gitops.agent.live;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Records when an object itself first reports that it is ready, as the reference for the time at which others report
 * it.
 */
final class ReadyWatch implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 180;

    private final CompletableFuture<Instant> readyAt = new CompletableFuture<>();
    private final Watch watch;

    /**
     * Starts the watch.
     *
     * @param ready whether a state of the object reports that it is ready
     */
    ReadyWatch(Resource<GenericKubernetesResource> object, Predicate<GenericKubernetesResource> ready) {
        watch = object.watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource live) {
                if (ready.test(live)) {
                    readyAt.complete(Instant.now());
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                readyAt.completeExceptionally(cause);
            }
        });
    }

    /** Waits until the object is ready. Returns the time. */
    Instant readyAt() throws Exception {
        return readyAt.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        watch.close();
    }
}
