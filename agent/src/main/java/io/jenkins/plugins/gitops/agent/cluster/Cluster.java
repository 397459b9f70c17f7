package io.jenkins.plugins.gitops.agent.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The agent's cluster: compares applications with it and syncs it with Git. */
public final class Cluster implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Cluster.class.getName());

    /** Short, since a user is waiting at a terminal. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);

    private final String name;
    private final Consumer<String> log;
    private final ClusterApi api;
    private final ScheduledExecutorService executor;
    private final ExecutorService events;
    private final Informers informers;
    private final LeftoverSearch leftovers;
    private final ResourceDiffer resourceDiffer;
    private final PodDigestReader digests;
    private final Syncer syncer;
    private final NamespacePhases namespaces;
    private final ApiServerProbe probe;
    private final MissingObjects missing;
    private final ClusterIdentity identity;
    private final DesiredInventory inventory = new DesiredInventory();

    /**
     * @param name of the agent
     * @param adoptFrom names of the agents whose objects this agent takes over
     * @param replaced field managers whose fields the agent takes over
     * @param client not closed with this object
     * @param changed receives the name of an application when one of its objects has changed in the cluster
     * @param log receives a line for each event of interest to users: takeovers, prunes, new namespaces
     */
    public Cluster(
            String name,
            Set<String> adoptFrom,
            ReplacedManagers replaced,
            KubernetesClient client,
            Consumer<String> changed,
            Consumer<String> log) {
        this(name, adoptFrom, AllowedResources.ALL, replaced, client, RequestPolicy.READ_WRITE, changed, log);
    }

    /**
     * @param allowed what may be applied, deleted and read
     * @param policy which requests are sent; if writes are not, a sync can only be previewed
     */
    public Cluster(
            String name,
            Set<String> adoptFrom,
            AllowedResources allowed,
            ReplacedManagers replaced,
            KubernetesClient client,
            RequestPolicy policy,
            Consumer<String> changed,
            Consumer<String> log) {
        executor = Executors.newScheduledThreadPool(2, task -> thread(task, "gitops-watches-" + name));
        events = Executors.newSingleThreadExecutor(task -> thread(task, "gitops-events-" + name));
        this.name = name;
        this.log = log;
        api = new ClusterApi(client, Installation.fieldManager(name), policy);
        identity = new ClusterIdentity(api, log);
        CompletedJobs completed = new CompletedJobs(api, executor, log);
        LiveObjectCache store = new LiveObjectCache(changed, live -> {
            if (allowed.refusal(live.id()).isEmpty()) {
                completed.seen(live);
            }
        });
        OwnershipRules ownership = new OwnershipRules(name, adoptFrom, identity, inventory);
        RestMapper kinds = new RestMapper(api);
        PermittedObjects permitted = new PermittedObjects(allowed, kinds);
        informers = new Informers(api, allowed, store, executor, events);
        namespaces = new NamespacePhases(api, !allowed.namespaces().isEmpty(), executor, events);
        probe = new ApiServerProbe(api, name);
        leftovers = new LeftoverSearch(informers, System::nanoTime);
        FieldOwnership fields = new FieldOwnership(api, ownership, replaced);
        resourceDiffer = new ResourceDiffer(
                api, kinds, informers, store, new PodDiagnostics(api), ownership, fields, completed, permitted);
        digests = new PodDigestReader(api, executor, live -> {
            if (live.application() != null) {
                changed.accept(live.application());
            }
        });
        missing = new MissingObjects(api, resourceDiffer::manifest, System::nanoTime);
        syncer = new Syncer(api, kinds, resourceDiffer, store, ownership, fields, permitted, log);
    }

    /** Starts to probe the API server; returns immediately. */
    public void start() {
        probe.start();
    }

    /** Whether the API server responded to the last probe. */
    public boolean isReachable() {
        return probe.isReachable();
    }

    /** The ConfigMap with the agent's identity in its own namespace. */
    public IdentityConfigMap identityConfigMap(String namespace) {
        return new IdentityConfigMap(api, namespace, name, log);
    }

    /** The identity of this cluster. */
    public ClusterIdentity identity() {
        return identity;
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The objects of all applications in Git; the renderer of an application must keep it up to date. */
    public DesiredInventory inventory() {
        return inventory;
    }

    /** Finds objects that earlier runs applied, of kinds that may no longer be in Git. */
    public void findTracked() {
        leftovers.searchAll();
    }

    /**
     * Finds objects that earlier runs applied, of kinds that may no longer be in Git. Searches built-in kinds before it
     * returns; others, and those that the API server cannot list now, are searched in a background thread.
     */
    public void startFindingTracked() {
        Duration next = leftovers.searchBuiltIn();
        findTrackedAfter(next.equals(LeftoverSearch.PERIOD) ? Duration.ZERO : next);
    }

    private void findTrackedAfter(Duration delay) {
        try {
            executor.schedule(() -> findTrackedAfter(leftovers.searchAll()), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "The search for resources removed from Git ends with its agent");
        }
    }

    /**
     * Compares without writing.
     *
     * @throws ClusterException if the API server cannot be reached or rejects the request
     */
    public Comparison compare(DesiredState desired) throws ClusterException {
        probe.require();
        return digests.withDigests(resourceDiffer.compare(desired));
    }

    /**
     * Compares again, and retries what the server rejected before.
     *
     * @throws ClusterException if the API server cannot be reached or rejects the request
     */
    public Comparison compareAgain(DesiredState desired, Comparison before) throws ClusterException {
        resourceDiffer.forgetRefusals(before);
        return digests.withDigests(resourceDiffer.compare(desired));
    }

    /**
     * Applies the differences of a comparison, then prunes. Does not throw if the server rejects something.
     *
     * @param toPrune the resources to delete after everything was applied
     */
    public SyncResult sync(
            DesiredState desired, Comparison comparison, ApplicationSpec spec, List<ResourceState> toPrune) {
        return syncer.sync(desired, comparison, spec, toPrune);
    }

    /** Whether a sync can be performed; otherwise it can only be previewed. */
    public boolean mayWrite() {
        return api.mayWrite();
    }

    /**
     * Returns what a sync would do. Writes nothing.
     *
     * @param toPrune the resources that would be deleted after everything is applied
     * @throws ClusterException if the API server cannot be reached or rejects the request
     */
    public SyncPreview preview(
            DesiredState desired, Comparison comparison, ApplicationSpec spec, List<ResourceState> toPrune)
            throws ClusterException {
        String newNamespace = spec.createNamespace() && namespaces.isAbsent(spec.namespace()) ? spec.namespace() : null;
        Optional<String> refusal = newNamespace == null ? Optional.empty() : syncer.namespaceRefusal(newNamespace);
        if (refusal.isPresent() && comparison.requiresApply() && !comparison.isNotPermitted()) {
            return SyncPreview.nothing(refusal.get(), comparison);
        }
        return SyncPreview.of(
                desired, comparison, missing.of(desired, comparison, newNamespace), newNamespace, toPrune);
    }

    /**
     * Requests the version of the API server.
     *
     * @throws ClusterException if it does not respond
     */
    public void requireReachable() throws ClusterException {
        api.ping(FIRST_ANSWER);
    }

    /**
     * The reasons why a sync may fail that can disappear without a change in Git: unknown kinds, rejected objects, and
     * namespaces that do not exist or are being deleted. If two results are equal, none of them has changed.
     *
     * @param drift whether drift counts as such a change, so that applied objects are healed while others are rejected
     */
    public Set<String> blockers(DesiredState desired, Comparison comparison, boolean drift) {
        Set<String> found = new HashSet<>(comparison.blockers(drift));
        Stream.concat(
                        Stream.of(desired.namespace()),
                        comparison.resources().stream()
                                .filter(r -> r.desired() != null && r.id() != null)
                                .map(r -> r.id().namespace()))
                .filter(Objects::nonNull)
                .distinct()
                .forEach(name -> found.add("namespace " + name + " " + namespaces.of(name)));
        return found;
    }

    /** Closes all watches. */
    @Override
    public void close() {
        probe.close();
        namespaces.close();
        informers.close();
        executor.shutdownNow();
        events.shutdownNow();
    }
}
