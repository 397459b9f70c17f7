package io.jenkins.plugins.gitops.agent.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Looks for what earlier runs applied, of kinds that no manifest uses any more. Each kind is looked through once; again when
 * the API server could not answer, and when the kind comes back after it was gone. Used by one thread at a time.
 */
final class LeftoverSearch {
    private static final Logger LOGGER = Logger.getLogger(LeftoverSearch.class.getName());
    /** Between two rounds while the API server cannot answer. */
    static final Duration RETRY = Duration.ofSeconds(3);
    /** Between two looks at which kinds there are. */
    static final Duration PERIOD = Duration.ofMinutes(1);
    /** Before a kind that the agent may not list is tried again. */
    static final Duration RETRY_AFTER_REFUSAL = Duration.ofMinutes(10);

    /** Kinds that are never looked through: they belong to controllers, or are too many. */
    private static final String[] NOT_PRUNED = {
        "Endpoints",
        "Pod",
        "PodTemplate",
        "apps/ControllerRevision",
        "apps/ReplicaSet",
        "coordination.k8s.io/Lease",
        "discovery.k8s.io/EndpointSlice",
        "events.k8s.io/Event",
        "scheduling.k8s.io/PriorityClass"
    };

    private static final String METRICS = "metrics.k8s.io";

    private final Api api;
    private final LongSupplier nanoTime;
    private final Set<String> searched = new HashSet<>();
    private final Map<String, Long> refusedUntil = new HashMap<>();

    /** What the search asks of the cluster. */
    interface Api {
        /** Kinds beyond the built-in ones; empty where the API server cannot list them in one answer. */
        List<ResourceKind> customKinds() throws ClusterException;

        /** Whether any object of a kind is tracked to an application of the agent. */
        boolean hasTracked(ResourceKind kind) throws ClusterException;

        /** Whether the kind is followed already. */
        boolean isWatched(ResourceKind kind);

        /** Follows a kind from now on. */
        void startWatching(ResourceKind kind);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    LeftoverSearch(Api api, LongSupplier nanoTime) {
        this.api = api;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks through the built-in kinds that were not looked through yet.
     *
     * @return when to look again
     */
    Duration searchBuiltIn() {
        try {
            search(ResourceKind.builtIn());
            return PERIOD;
        } catch (ClusterException e) {
            return away(e);
        }
    }

    /**
     * Looks through all kinds that were not looked through yet.
     *
     * @return when to look again
     */
    Duration searchAll() {
        try {
            search(ResourceKind.builtIn());
            List<ResourceKind> custom = api.customKinds();
            Set<String> present = custom.stream().map(ResourceKind::groupKind).collect(Collectors.toSet());
            ResourceKind.builtIn().forEach(kind -> present.add(kind.groupKind()));
            searched.retainAll(present);
            refusedUntil.keySet().retainAll(present);
            search(custom);
            return PERIOD;
        } catch (ClusterException e) {
            return away(e);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "The search for resources removed from Git failed", e);
            return PERIOD;
        }
    }

    private static Duration away(ClusterException failure) {
        LOGGER.log(Level.FINE, "The search for resources removed from Git is repeated: {0}", failure.getMessage());
        return RETRY;
    }

    /** @throws ClusterException when the API server cannot answer, which goes by */
    private void search(List<ResourceKind> kinds) throws ClusterException {
        for (ResourceKind kind : kinds) {
            String name = kind.groupKind();
            boolean skipped = kind.isOneOf(NOT_PRUNED)
                    || kind.group().endsWith(METRICS)
                    || searched.contains(name)
                    || api.isWatched(kind)
                    || refusedUntil.getOrDefault(name, nanoTime.getAsLong()) - nanoTime.getAsLong() > 0;
            if (!skipped) {
                search(kind);
            }
        }
    }

    private void search(ResourceKind kind) throws ClusterException {
        try {
            if (api.hasTracked(kind)) {
                api.startWatching(kind);
            }
            searched.add(kind.groupKind());
            refusedUntil.remove(kind.groupKind());
        } catch (ClusterException e) {
            if (e.isOutage()) {
                throw e;
            }
            refusedUntil.put(kind.groupKind(), nanoTime.getAsLong() + RETRY_AFTER_REFUSAL.toNanos());
            LOGGER.log(Level.FINE, "{0} cannot be searched for resources removed from Git: {1}", new Object[] {
                kind.plural(), e.getMessage()
            });
        }
    }
}
