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
 * Searches for objects that earlier runs applied, of kinds that no manifest uses any more. Searches each kind once, and
 * again if the API server could not respond, or if the kind was deleted and recreated. Not thread-safe.
 */
final class LeftoverSearch {
    private static final Logger LOGGER = Logger.getLogger(LeftoverSearch.class.getName());
    /** The time between two rounds while the API server cannot respond. */
    static final Duration RETRY = Duration.ofSeconds(3);
    /** The time between two checks for new kinds. */
    static final Duration PERIOD = Duration.ofMinutes(1);
    /** The time before a kind that the agent may not list is tried again. */
    static final Duration RETRY_AFTER_REFUSAL = Duration.ofMinutes(10);

    /** Kinds that are never searched: they belong to controllers, or have too many objects. */
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

    /** The operations of the cluster that the search uses. */
    interface Api {
        /** Custom kinds; empty if the API server cannot list them in one response. */
        List<ResourceKind> customKinds() throws ClusterException;

        /** Whether any object of a kind is tracked to an application of the agent. */
        boolean hasTracked(ResourceKind kind) throws ClusterException;

        /** Whether the kind is already being watched. */
        boolean isWatched(ResourceKind kind);

        /** Watches a kind from now on. */
        void startWatching(ResourceKind kind);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    LeftoverSearch(Api api, LongSupplier nanoTime) {
        this.api = api;
        this.nanoTime = nanoTime;
    }

    /**
     * Searches the built-in kinds that have not been searched yet.
     *
     * @return the time until the next search
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
     * Searches all kinds that have not been searched yet.
     *
     * @return the time until the next search
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

    /** @throws ClusterException if the API server cannot respond, which is temporary */
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
