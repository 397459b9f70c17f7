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

/** Notes when an object itself first says that it is ready: what others tell of it later is measured by that. */
final class ReadyWatch implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 180;

    private final CompletableFuture<Instant> readyAt = new CompletableFuture<>();
    private final Watch watch;

    /** @param ready whether a state of the object says so */
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

    /** When it was; waits for it. */
    Instant readyAt() throws Exception {
        return readyAt.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        watch.close();
    }
}
