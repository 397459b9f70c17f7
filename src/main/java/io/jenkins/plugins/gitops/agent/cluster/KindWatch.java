package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows all objects of one kind: lists them, watches from there, and lists again when the watch ends for good.
 *
 * @param <T> what is kept of an object
 */
public final class KindWatch<T> implements Watcher<GenericKubernetesResource>, AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(KindWatch.class.getName());
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final ClusterApi api;
    private final ResourceKind kind;
    private final String namespace;
    private final ObjectSink<T> sink;
    private final ScheduledExecutorService executor;
    private final CountDownLatch listed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Guarded by this. */
    private Watch watch;

    private boolean closed;
    private int failures;
    private volatile ClusterFailure problem;

    /**
     * @param namespace the only one to look at; null for all
     * @param executor lists; watches have threads of the client
     */
    public KindWatch(
            ClusterApi api,
            ResourceKind kind,
            @CheckForNull String namespace,
            ObjectSink<T> sink,
            ScheduledExecutorService executor) {
        this.api = api;
        this.kind = kind;
        this.namespace = namespace;
        this.sink = sink;
        this.executor = executor;
    }

    /** Begins; returns at once. */
    public void start() {
        schedule(Duration.ZERO);
    }

    /** Waits until the objects were listed once, or that failed; what is wrong with it, null when nothing is. */
    @CheckForNull
    String awaitListed(Duration room) throws InterruptedException {
        if (!listed.await(room.toMillis(), TimeUnit.MILLISECONDS)) {
            return "the " + kind.plural() + " of the cluster could not be listed yet";
        }
        return problem == null ? null : "cannot list " + kind.plural() + ": " + problem.getMessage();
    }

    /** Whether the objects were listed once, or that failed. */
    public boolean isListed() {
        return listed.getCount() == 0;
    }

    /** Why the objects could not be listed last; null when they could, or were not yet. */
    @CheckForNull
    public ClusterFailure problem() {
        return problem;
    }

    private void schedule(Duration delay) {
        try {
            executor.schedule(this::listAndWatch, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "The watch of {0} ends with its agent", kind.plural());
        }
    }

    private void listAndWatch() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        try {
            ClusterApi.Listing<T> listing = api.list(kind, namespace, item -> sink.read(kind, item));
            long version = Long.parseLong("0" + listing.resourceVersion().replaceAll("\\D", ""));
            sink.replace(kind, namespace, version, listing.items());
            open(listing.resourceVersion());
            failures = 0;
            problem = null;
        } catch (ClusterFailure e) {
            failed(e);
        } catch (RuntimeException e) {
            failed(ClusterFailure.unreachable(e));
        }
        listed.countDown();
    }

    private void failed(ClusterFailure failure) {
        failures++;
        problem = failure;
        // A kind that is not there yet may come; whoever needs it says that it is missing.
        boolean told = failures == 1 && !failure.isNotFound();
        LOGGER.log(told ? Level.WARNING : Level.FINE, "Watching failed: cannot list {0}: {1}", new Object[] {
            kind.plural(), failure.getMessage()
        });
        schedule(backoff());
    }

    private void open(String resourceVersion) {
        KubernetesClient client = api.client();
        var all = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.kind())
                .withPlural(kind.plural())
                .withNamespaced(kind.namespaced())
                .build());
        Watch opened = (namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace))
                .watch(
                        new ListOptionsBuilder()
                                .withResourceVersion(resourceVersion)
                                .withAllowWatchBookmarks(true)
                                .build(),
                        this);
        synchronized (this) {
            watch = opened;
            if (closed) {
                opened.close();
            }
        }
    }

    private Duration backoff() {
        long millis = Math.min(LONGEST_WAIT.toMillis(), SHORTEST_WAIT.toMillis() << Math.min(failures, 6));
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    @Override
    public void eventReceived(Action action, GenericKubernetesResource resource) {
        if (action != Action.ADDED && action != Action.MODIFIED && action != Action.DELETED) {
            return;
        }
        Map<String, Object> object =
                JsonTree.map(api.client().getKubernetesSerialization().convertValue(resource, Map.class));
        T seen = sink.read(kind, object);
        if (action == Action.DELETED) {
            sink.remove(kind, seen);
        } else {
            sink.put(kind, seen);
        }
    }

    @Override
    public void onClose() {
        ended.countDown();
    }

    @Override
    public void onClose(WatcherException cause) {
        LOGGER.log(Level.FINE, cause, () -> "The watch of " + kind.plural() + " ended, listing again");
        synchronized (this) {
            failures++;
            if (!closed) {
                schedule(cause.isHttpGone() ? SHORTEST_WAIT : backoff());
            }
        }
    }

    @Override
    public void close() {
        Watch open;
        synchronized (this) {
            closed = true;
            open = watch;
        }
        if (open == null) {
            ended.countDown();
        } else {
            open.close();
        }
    }

    /** Waits for the connection to end, so that the client can be closed without noise. */
    void awaitEnd(Duration room) throws InterruptedException {
        ended.await(room.toMillis(), TimeUnit.MILLISECONDS);
    }
}
