package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The watches of the kinds in use: one for each kind, however many applications use it. */
final class Watches implements LeftoverSearch.Api, AutoCloseable {
    private static final Duration ROOM = Duration.ofSeconds(20);
    private static final Duration ROOM_TO_END = Duration.ofMillis(200);

    private final ClusterApi api;
    private final LiveStore store;
    private final ScheduledExecutorService executor;
    private final Executor events;
    private final Map<String, KindWatch<LiveObject>> watches = new ConcurrentHashMap<>();

    Watches(ClusterApi api, LiveStore store, ScheduledExecutorService executor, Executor events) {
        this.api = api;
        this.store = store;
        this.executor = executor;
        this.events = events;
    }

    /**
     * Follows a kind from now on, and waits for its objects to be known.
     *
     * @return false when it is a custom kind that the cluster does not know any more
     * @throws ClusterFailure when they cannot be listed
     */
    boolean require(ResourceKind kind) throws ClusterFailure {
        try {
            KindWatch<LiveObject> watch = watch(kind);
            String problem = watch.awaitListed(ROOM);
            if (problem != null && isGone(kind, watch.problem())) {
                forget(kind);
                return false;
            }
            if (problem != null) {
                throw new ClusterFailure(0, null, problem, List.of());
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClusterFailure.unreachable(e);
        }
    }

    /** Follows a kind no more, which is gone with all its objects. */
    void forget(ResourceKind kind) {
        KindWatch<LiveObject> watch = watches.remove(kind.groupKind());
        if (watch != null) {
            watch.close();
            store.replaceKind(kind.groupKind(), Long.MAX_VALUE, List.of());
        }
    }

    private static boolean isGone(ResourceKind kind, @CheckForNull ClusterFailure problem) {
        return problem != null
                && problem.isNotFound()
                && ResourceKind.builtIn(kind.apiVersion(), kind.kind()).isEmpty();
    }

    private KindWatch<LiveObject> watch(ResourceKind kind) {
        return watches.computeIfAbsent(kind.groupKind(), name -> {
            KindWatch<LiveObject> watch = new KindWatch<>(api, kind, null, store, executor, events);
            watch.start();
            return watch;
        });
    }

    @Override
    public List<ResourceKind> customKinds() throws ClusterFailure {
        return ApiDiscovery.customKinds(api.discover());
    }

    @Override
    public boolean holdsTracked(ResourceKind kind) throws ClusterFailure {
        return api.list(kind, null, new ObjectReader<>(kind, store), true).items().stream()
                .anyMatch(object -> object.application() != null);
    }

    @Override
    public boolean isFollowed(ResourceKind kind) {
        return watches.containsKey(kind.groupKind());
    }

    @Override
    public void follow(ResourceKind kind) {
        watch(kind);
    }

    @Override
    public void close() {
        watches.values().forEach(KindWatch::close);
        try {
            for (KindWatch<LiveObject> watch : watches.values()) {
                watch.awaitEnd(ROOM_TO_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
