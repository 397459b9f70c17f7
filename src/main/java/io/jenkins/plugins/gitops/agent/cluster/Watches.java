package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The watches of the kinds in use: one for each kind, however many applications use it. */
final class Watches implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Watches.class.getName());
    private static final Duration ROOM = Duration.ofSeconds(20);
    private static final Duration ROOM_TO_END = Duration.ofMillis(200);
    /** Kinds that are never looked through for leftovers: they belong to controllers, or are too many. */
    private static final String[] NOT_PRUNED = {
        "Endpoints",
        "Pod",
        "PodTemplate",
        "apps/ReplicaSet",
        "coordination.k8s.io/Lease",
        "scheduling.k8s.io/PriorityClass"
    };

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

    /**
     * Looks once through the built-in kinds for objects that were tracked by an earlier run; such kinds are
     * followed.
     */
    void findTracked() {
        for (ResourceKind kind : ResourceKind.builtIn()) {
            if (kind.isOneOf(NOT_PRUNED) || watches.containsKey(kind.groupKind())) {
                continue;
            }
            try {
                boolean tracked = api.list(kind, null, new ObjectReader<>(kind, store), true).items().stream()
                        .anyMatch(object -> object.application() != null);
                if (tracked) {
                    watch(kind);
                }
            } catch (ClusterFailure e) {
                LOGGER.log(Level.FINE, "{0} cannot be looked through for what Git no longer holds: {1}", new Object[] {
                    kind.plural(), e.getMessage()
                });
            }
        }
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
