package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The watches of the kinds in use, however many applications use them: one for each kind, or, for an agent that is limited
 * to some namespaces, one for each of these.
 */
final class Watches implements LeftoverSearch.Api, AutoCloseable {
    private static final Duration ROOM = Duration.ofSeconds(20);
    private static final Duration ROOM_TO_END = Duration.ofMillis(200);

    private final ClusterApi api;
    private final AllowedResources allowed;
    private final LiveStore store;
    private final ScheduledExecutorService executor;
    private final Executor events;
    /** By kind and {@linkplain AllowedResources#scopes namespace}. */
    private final Map<String, Map<String, KindWatch<LiveObject>>> watches = new ConcurrentHashMap<>();

    /** @param allowed where objects are looked for */
    Watches(
            ClusterApi api,
            AllowedResources allowed,
            LiveStore store,
            ScheduledExecutorService executor,
            Executor events) {
        this.api = api;
        this.allowed = allowed;
        this.store = store;
        this.executor = executor;
        this.events = events;
    }

    /**
     * Follows the kind of a permitted object from now on, and waits for the objects of its namespace to be known. What cannot
     * be listed in another namespace does not matter.
     *
     * @return false when it is a custom kind that the cluster does not know any more
     * @throws ClusterFailure when they cannot be listed
     */
    boolean require(ObjectId id) throws ClusterFailure {
        ResourceKind kind = id.kind();
        try {
            Map<String, KindWatch<LiveObject>> all = watch(kind);
            KindWatch<LiveObject> watch = all.get(all.containsKey("") ? "" : id.namespace());
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
        Map<String, KindWatch<LiveObject>> all = watches.remove(kind.groupKind());
        if (all != null) {
            all.values().forEach(KindWatch::close);
            store.forget(kind);
        }
    }

    private static boolean isGone(ResourceKind kind, @CheckForNull ClusterFailure problem) {
        return problem != null
                && problem.isNotFound()
                && ResourceKind.builtIn(kind.apiVersion(), kind.kind()).isEmpty();
    }

    private Map<String, KindWatch<LiveObject>> watch(ResourceKind kind) {
        return watches.computeIfAbsent(kind.groupKind(), name -> {
            Map<String, KindWatch<LiveObject>> all = new HashMap<>();
            for (String scope : allowed.scopes(kind)) {
                KindWatch<LiveObject> watch = new KindWatch<>(api, kind, namespace(scope), store, executor, events);
                all.put(scope, watch);
                watch.start();
            }
            return Map.copyOf(all);
        });
    }

    @CheckForNull
    private static String namespace(String scope) {
        return scope.isEmpty() ? null : scope;
    }

    @Override
    public List<ResourceKind> customKinds() throws ClusterFailure {
        return ApiDiscovery.customKinds(api.discover());
    }

    /** Where one namespace cannot be listed, the others are looked through all the same. */
    @Override
    public boolean holdsTracked(ResourceKind kind) throws ClusterFailure {
        ClusterFailure refused = null;
        for (String scope : allowed.scopes(kind)) {
            try {
                if (holdsTracked(kind, namespace(scope))) {
                    return true;
                }
            } catch (ClusterFailure e) {
                if (e.isOutage()) {
                    throw e;
                }
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
        return false;
    }

    private boolean holdsTracked(ResourceKind kind, @CheckForNull String namespace) throws ClusterFailure {
        return api.list(kind, namespace, new ObjectReader<>(kind, store), true).items().stream()
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
        watches.values().forEach(all -> all.values().forEach(KindWatch::close));
        try {
            for (Map<String, KindWatch<LiveObject>> all : watches.values()) {
                for (KindWatch<LiveObject> watch : all.values()) {
                    watch.awaitEnd(ROOM_TO_END);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
