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
 * The informers of the kinds in use, shared by all applications: one per kind or, for an agent that is limited to some
 * namespaces, one per kind and namespace.
 */
final class Informers implements LeftoverSearch.Api, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);

    private final ClusterApi api;
    private final AllowedResources allowed;
    private final LiveObjectCache store;
    private final ScheduledExecutorService executor;
    private final Executor events;
    /** By kind and {@linkplain AllowedResources#scopes namespace}. */
    private final Map<String, Map<String, ResourceInformer<LiveObject>>> watches = new ConcurrentHashMap<>();

    /** @param allowed the scope to list and watch */
    Informers(
            ClusterApi api,
            AllowedResources allowed,
            LiveObjectCache store,
            ScheduledExecutorService executor,
            Executor events) {
        this.api = api;
        this.allowed = allowed;
        this.store = store;
        this.executor = executor;
        this.events = events;
    }

    /**
     * Watches the kind of a permitted object from now on, and waits until the objects of its namespace are known.
     * Failures to list other namespaces do not matter.
     *
     * @return false if it is a custom kind that the cluster no longer knows
     * @throws ClusterException if they cannot be listed
     */
    boolean require(ObjectId id) throws ClusterException {
        ResourceKind kind = id.kind();
        try {
            Map<String, ResourceInformer<LiveObject>> all = watch(kind);
            ResourceInformer<LiveObject> watch = all.get(all.containsKey("") ? "" : id.namespace());
            String problem = watch.awaitListed(TIMEOUT);
            if (problem != null && isGone(kind, watch.problem())) {
                forget(kind);
                return false;
            }
            if (problem != null) {
                throw new ClusterException(0, null, problem, List.of());
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClusterException.unreachable(e);
        }
    }

    /** Stops watching a kind that was deleted together with all its objects. */
    void forget(ResourceKind kind) {
        Map<String, ResourceInformer<LiveObject>> all = watches.remove(kind.groupKind());
        if (all != null) {
            all.values().forEach(ResourceInformer::close);
            store.forget(kind);
        }
    }

    private static boolean isGone(ResourceKind kind, @CheckForNull ClusterException problem) {
        return problem != null
                && problem.isNotFound()
                && ResourceKind.builtIn(kind.apiVersion(), kind.kind()).isEmpty();
    }

    private Map<String, ResourceInformer<LiveObject>> watch(ResourceKind kind) {
        return watches.computeIfAbsent(kind.groupKind(), name -> {
            Map<String, ResourceInformer<LiveObject>> all = new HashMap<>();
            for (String scope : allowed.scopes(kind)) {
                ResourceInformer<LiveObject> watch =
                        new ResourceInformer<>(api, kind, namespace(scope), store, executor, events);
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
    public List<ResourceKind> customKinds() throws ClusterException {
        return ApiDiscovery.customKinds(api.discover());
    }

    /** If one namespace cannot be listed, the others are still searched. */
    @Override
    public boolean hasTracked(ResourceKind kind) throws ClusterException {
        ClusterException refused = null;
        for (String scope : allowed.scopes(kind)) {
            try {
                if (hasTracked(kind, namespace(scope))) {
                    return true;
                }
            } catch (ClusterException e) {
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

    private boolean hasTracked(ResourceKind kind, @CheckForNull String namespace) throws ClusterException {
        return api.list(kind, namespace, new ObjectReader<>(kind, store), true).items().stream()
                .anyMatch(object -> object.application() != null);
    }

    @Override
    public boolean isWatched(ResourceKind kind) {
        return watches.containsKey(kind.groupKind());
    }

    @Override
    public void startWatching(ResourceKind kind) {
        watch(kind);
    }

    @Override
    public void close() {
        watches.values().forEach(all -> all.values().forEach(ResourceInformer::close));
        try {
            for (Map<String, ResourceInformer<LiveObject>> all : watches.values()) {
                for (ResourceInformer<LiveObject> watch : all.values()) {
                    watch.awaitEnd(CLOSE_TIMEOUT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
