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

/** The one cluster of an agent: compares applications with it and brings it to what Git says. */
public final class Cluster implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Cluster.class.getName());

    /** For somebody who waits for it at a terminal. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);

    private final String name;
    private final Consumer<String> log;
    private final ClusterApi api;
    private final ScheduledExecutorService executor;
    private final ExecutorService events;
    private final Informers informers;
    private final LeftoverSearch leftovers;
    private final ResourceDiffer resourceDiffer;
    private final Syncer syncer;
    private final NamespacePhases namespaces;
    private final ApiServerProbe probe;
    private final MissingObjects missing;
    private final ClusterIdentity identity;
    private final DesiredInventory inventory = new DesiredInventory();

    /**
     * @param name of the agent
     * @param adoptFrom names of the agents whose objects this agent takes over
     * @param replaced field managers whose fields the agent takes
     * @param client not closed with this
     * @param changed gets the name of an application when the cluster changed something of it
     * @param log gets a line for what people should see: takeovers, prunes, new namespaces
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
     * @param allowed what may be applied and deleted, and is looked at
     * @param policy which requests are sent; without writes a sync can only be previewed
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
        missing = new MissingObjects(api, resourceDiffer::manifest, System::nanoTime);
        syncer = new Syncer(api, kinds, resourceDiffer, store, ownership, fields, permitted, log);
    }

    /** Begins to ask from time to time whether the API server answers; returns at once. */
    public void start() {
        probe.start();
    }

    /** Whether the API server answered when it was last asked. */
    public boolean isReachable() {
        return probe.isReachable();
    }

    /** What the agent remembers in its own namespace. */
    public IdentityConfigMap identityConfigMap(String namespace) {
        return new IdentityConfigMap(api, namespace, name, log);
    }

    /** Which cluster this is. */
    public ClusterIdentity identity() {
        return identity;
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** What the applications hold in Git, to be kept up to date by whoever renders them. */
    public DesiredInventory inventory() {
        return inventory;
    }

    /** Finds what earlier runs applied, of kinds that Git may no longer hold. */
    public void findTracked() {
        leftovers.searchAll();
    }

    /**
     * Finds what earlier runs applied, of kinds that Git may no longer hold: of built-in kinds before it returns, of others and of
     * those that the API server could not list now from a thread of its own.
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
     * @throws ClusterException when the cluster cannot be asked
     */
    public Comparison compare(DesiredState desired) throws ClusterException {
        probe.require();
        return resourceDiffer.compare(desired);
    }

    /**
     * Compares again, and asks the server once more about what it refused.
     *
     * @throws ClusterException when the cluster cannot be asked
     */
    public Comparison compareAgain(DesiredState desired, Comparison before) throws ClusterException {
        resourceDiffer.forgetRefusals(before);
        return resourceDiffer.compare(desired);
    }

    /**
     * Applies what a comparison found, then prunes; never throws for what the server refuses.
     *
     * @param toPrune what of it is deleted when everything was applied
     */
    public SyncResult sync(
            DesiredState desired, Comparison comparison, ApplicationSpec spec, List<ResourceState> toPrune) {
        return syncer.sync(desired, comparison, spec, toPrune);
    }

    /** Whether a sync is carried out; otherwise it can be previewed. */
    public boolean mayWrite() {
        return api.mayWrite();
    }

    /**
     * What a sync would do. Nothing is written.
     *
     * @param toPrune what would be deleted when everything is applied
     * @throws ClusterException when the cluster cannot be asked
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
     * Asks the API server for its version.
     *
     * @throws ClusterException when it does not answer
     */
    public void requireReachable() throws ClusterException {
        api.ping(FIRST_ANSWER);
    }

    /**
     * What a sync may fail for that can change without Git: kinds that the cluster does not know, objects that it refuses,
     * and namespaces that are absent or being deleted. Two equal answers: nothing of that has changed.
     *
     * @param drift whether a drift is such a change, too, so that what was applied is healed while something else is refused
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

    /** Ends all watches. */
    @Override
    public void close() {
        probe.close();
        namespaces.close();
        informers.close();
        executor.shutdownNow();
        events.shutdownNow();
    }
}
