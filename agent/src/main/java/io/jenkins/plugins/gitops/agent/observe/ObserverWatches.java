package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ClusterApi;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.agent.cluster.ResourceEventHandler;
import io.jenkins.plugins.gitops.agent.cluster.ResourceInformer;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * The watches of an observer: those of Flux and Argo CD from the start, those of workloads when an inventory contains
 * their kind. Each kind and namespace is independent: one that does not exist, or may not be read, does not affect the
 * others.
 */
final class ObserverWatches implements WorkloadVisibility, AutoCloseable {
    private static final int FORBIDDEN = 403;

    private final ClusterApi api;
    private final List<String> namespaces;
    private final ScheduledExecutorService executor;
    private final Executor events;
    private final Consumer<String> log;
    /** By kind and namespace; the namespace is empty for all. */
    private final Map<String, Map<String, ResourceInformer<?>>> watches = new ConcurrentHashMap<>();

    private final Set<String> reported = ConcurrentHashMap.newKeySet();
    private volatile ResourceEventHandler<ObservedWorkload> workloads;

    /**
     * @param namespaces the namespaces to observe; empty for all
     * @param executor lists and connects
     * @param events processes what the watches receive, one after the other
     * @param log receives one line for each kind that may not be read
     */
    ObserverWatches(
            ClusterApi api,
            List<String> namespaces,
            ScheduledExecutorService executor,
            Executor events,
            Consumer<String> log) {
        this.api = api;
        this.namespaces = namespaces;
        this.executor = executor;
        this.events = events;
        this.log = log;
    }

    /** Starts with the objects of Flux and Argo CD. */
    void start(ObserverConfig config, ObservedState state) {
        workloads = state.workloads;
        if (config.flux()) {
            ObservedKinds.SOURCES.forEach(kind -> watch(kind, state.sources));
            watch(ObservedKinds.HELM_RELEASE, state.objects);
            watch(ObservedKinds.KUSTOMIZATION, state.objects);
        }
        if (config.argocd()) {
            watch(ObservedKinds.APPLICATION, state.applications);
        }
    }

    private <T> void watch(ResourceKind kind, ResourceEventHandler<T> sink) {
        watches.computeIfAbsent(kind.groupKind(), name -> {
            Map<String, ResourceInformer<?>> all = new ConcurrentHashMap<>();
            for (String namespace : namespaces.isEmpty() ? List.of("") : namespaces) {
                ResourceInformer<T> watch = new ResourceInformer<>(
                        api, kind, namespace.isEmpty() ? null : namespace, sink, executor, events);
                all.put(namespace, watch);
                watch.start();
            }
            return all;
        });
    }

    @Override
    public void require(String groupKind) {
        if (!watches.containsKey(groupKind)) {
            ObservedKinds.workload(groupKind).ifPresent(kind -> watch(kind, workloads));
        }
    }

    @CheckForNull
    @Override
    public String problem(String groupKind, String namespace) {
        Map<String, ResourceInformer<?>> all = watches.get(groupKind);
        if (all == null) {
            return groupKind + " is not watched yet";
        }
        ResourceInformer<?> watch = all.get(namespaces.isEmpty() ? "" : namespace);
        if (watch == null) {
            return "the observer does not watch namespace " + namespace;
        }
        ClusterException problem = watch.problem();
        if (problem == null) {
            return watch.isListed() ? null : groupKind + " is not listed yet";
        }
        return "the observer cannot see " + groupKind + ": " + TextSanitizer.line(problem.getMessage());
    }

    /**
     * Whether everything watched has been listed, so that an object that was not seen does not exist. A kind that the
     * API server does not know, or does not allow to list, counts as listed.
     */
    boolean isComplete() {
        return watches.values().stream()
                .flatMap(all -> all.values().stream())
                .allMatch(watch -> watch.isListed() && (watch.problem() == null || isSettled(watch.problem())));
    }

    private static boolean isSettled(ClusterException problem) {
        return problem.isNotFound() || problem.code() == FORBIDDEN;
    }

    /**
     * The permissions that the observer lacks to read the objects of Flux and Argo CD; empty if there are none. Logs
     * each once.
     */
    Set<String> isMissing() {
        Set<String> found = new TreeSet<>();
        watches.forEach((kind, all) -> all.forEach((namespace, watch) -> {
            ClusterException problem = watch.problem();
            if (problem != null && problem.code() == FORBIDDEN) {
                String line = TextSanitizer.line(problem.getMessage());
                found.add(line);
                if (reported.add(kind + " " + namespace)) {
                    log.accept(kind + (namespace.isEmpty() ? "" : " in " + namespace) + " cannot be read: " + line);
                }
            }
        }));
        return found;
    }

    @Override
    public void close() {
        List<ResourceInformer<?>> all = new ArrayList<>();
        watches.values().forEach(some -> all.addAll(some.values()));
        all.forEach(ResourceInformer::close);
    }
}
