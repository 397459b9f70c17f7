package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.AllowedResources.Refusal;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Syncs the cluster with Git: namespace, dry run of all new objects, apply in the order of kinds, prune. If a manifest
 * is invalid nothing is applied; if that is detected late, later kinds are not. If the server denies an object for
 * another reason, such as a quota, or never allows a change, only pruning is skipped, as in Argo CD.
 */
final class Syncer {
    private static final int MAX_PARALLEL = RequestWindow.AT_ONCE;
    private static final Duration CRD_TIMEOUT = Duration.ofSeconds(5);
    private static final ResourceKind NAMESPACE =
            ResourceKind.builtIn("v1", "Namespace").orElseThrow();

    private final ClusterApi api;
    private final RestMapper kinds;
    private final ResourceDiffer resourceDiffer;
    private final LiveObjectCache store;
    private final OwnershipRules ownership;
    private final FieldOwnership fields;
    private final PermittedObjects permitted;
    private final Consumer<String> log;
    private final ObjectReplacement replacement;

    Syncer(
            ClusterApi api,
            RestMapper kinds,
            ResourceDiffer resourceDiffer,
            LiveObjectCache store,
            OwnershipRules ownership,
            FieldOwnership fields,
            PermittedObjects permitted,
            Consumer<String> log) {
        this.api = api;
        this.kinds = kinds;
        this.resourceDiffer = resourceDiffer;
        this.store = store;
        this.ownership = ownership;
        this.fields = fields;
        this.permitted = permitted;
        this.log = log;
        this.replacement = new ObjectReplacement(api);
    }

    SyncResult sync(DesiredState desired, Comparison comparison, ApplicationSpec spec, List<ResourceState> toPrune) {
        SyncFailures failures = new SyncFailures(SecretMask.of(desired));
        List<ResourceState> refused = comparison.notPermitted();
        if (!refused.isEmpty()) {
            refused.forEach(state -> failures.add(state, String.valueOf(state.message())));
            return failures.outcome("nothing was applied");
        }
        try {
            if (spec.createNamespace() && comparison.requiresApply()) {
                createNamespace(spec.namespace());
            }
            List<ResourceState> toApply = comparison.resources().stream()
                    .filter(r -> r.desired() != null && r.difference() != Difference.SAME)
                    .toList();
            OwnershipTransfer transfer = new OwnershipTransfer(fields, api, resourceDiffer, desired, log);
            List<ResourceState> applicable = check(desired, toApply, transfer, failures);
            if (!failures.isBlocking()) {
                transfer.prepare(List.copyOf(applicable), (state, failure) -> {
                    failures.add(state, failure);
                    applicable.remove(state);
                });
            }
            if (failures.isBlocking()) {
                return failures.outcome("nothing was applied");
            }
            apply(desired, applicable, spec.propagation(), transfer, failures);
            if (failures.isEmpty()) {
                prune(desired.application(), toPrune, spec.propagation(), failures);
            }
        } catch (ClusterException e) {
            return failures.outcome(e);
        }
        return failures.outcome("not everything was applied");
    }

    private void createNamespace(String name) throws ClusterException {
        ObjectId id = new ObjectId(NAMESPACE, null, name);
        try {
            api.get(id);
        } catch (ClusterException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            requirePermitted(id);
            ClusterApi.await(api.apply(
                    id,
                    Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", name)),
                    false,
                    false));
            log.accept("created namespace " + name);
        }
    }

    /** Why {@code CreateNamespace=true} may not create a namespace; empty if it may. */
    Optional<String> namespaceRefusal(String name) {
        ObjectId id = new ObjectId(NAMESPACE, null, name);
        return permitted.refusal(id).map(refusal -> id + ": " + refusal.message());
    }

    private void requirePermitted(ObjectId id) throws ClusterException {
        Optional<Refusal> refusal = permitted.refusal(id);
        if (refusal.isPresent()) {
            throw new ClusterException(403, null, id + ": " + refusal.get().message(), List.of());
        }
    }

    /** Performs dry runs of everything without a comparison; returns what can be applied. */
    private List<ResourceState> check(
            DesiredState desired, List<ResourceState> toApply, OwnershipTransfer transfer, SyncFailures failures)
            throws ClusterException {
        List<ResourceState> applicable = new ArrayList<>(toApply);
        Map<ResourceState, CompletableFuture<Map<String, Object>>> runs = new LinkedHashMap<>();
        for (ResourceState state : toApply) {
            if (!isNamespace(state) && runs.keySet().stream().anyMatch(Syncer::isNamespace)) {
                applicable.removeAll(rejectedByDryRun(desired, runs, failures));
            }
            if (state.difference() == Difference.REFUSED || state.difference() == Difference.UNDECIDED) {
                failures.add(state, String.valueOf(state.message()));
            } else if (state.difference() == Difference.DENIED
                    || state.difference() == Difference.IMMUTABLE && !ObjectReplacement.isAllowed(state)) {
                failures.addIndependent(state, String.valueOf(state.message()));
                applicable.remove(state);
            } else if (state.id() == null) {
                if (DefinedKinds.find(desired, state.desired()).isEmpty()) {
                    failures.add(state, String.valueOf(state.message()));
                }
            } else if (state.difference() == Difference.MISSING && !isInNewNamespace(toApply, state, transfer)) {
                runs.put(state, transfer.dryRun(state));
                if (runs.size() == MAX_PARALLEL) {
                    applicable.removeAll(rejectedByDryRun(desired, runs, failures));
                }
            }
        }
        applicable.removeAll(rejectedByDryRun(desired, runs, failures));
        return applicable;
    }

    private static boolean isNamespace(ResourceState state) {
        return state.kindName().equals("Namespace");
    }

    /** A dry run does not create the namespace, so objects in it cannot be tried. */
    private static boolean isInNewNamespace(
            List<ResourceState> toApply, ResourceState state, OwnershipTransfer transfer) {
        return toApply.stream()
                .filter(Syncer::isNamespace)
                .anyMatch(namespace -> namespace.name().equals(state.id().namespace())
                        && namespace.difference() == Difference.MISSING
                        && !transfer.isAdoption(namespace));
    }

    /** Waits for the dry runs; returns the rejected resources. */
    private List<ResourceState> rejectedByDryRun(
            DesiredState desired,
            Map<ResourceState, CompletableFuture<Map<String, Object>>> runs,
            SyncFailures failures)
            throws ClusterException {
        List<ResourceState> refused = new ArrayList<>();
        for (Map.Entry<ResourceState, CompletableFuture<Map<String, Object>>> run : runs.entrySet()) {
            ResourceState state = run.getKey();
            try {
                ClusterApi.await(run.getValue());
            } catch (ClusterException e) {
                refused.add(state);
                // The object exists, although no application has applied it.
                if (resourceDiffer.isImmutable(desired, state, e)) {
                    failures.addIndependent(state, ObjectReplacement.message(state, e.getMessage()));
                } else {
                    failures.add(state, resourceDiffer.withRemedy(state, e));
                }
            }
        }
        runs.clear();
        return refused;
    }

    /** Applies one kind after the other, and the objects of one kind concurrently. */
    private void apply(
            DesiredState desired,
            List<ResourceState> toApply,
            String propagation,
            OwnershipTransfer transfer,
            SyncFailures failures)
            throws ClusterException {
        List<ResourceState> group = new ArrayList<>();
        for (ResourceState state : toApply) {
            boolean another = !group.isEmpty()
                    && (group.size() == MAX_PARALLEL || !group.get(0).kindName().equals(state.kindName()));
            if (another) {
                applyGroup(desired, group, propagation, transfer, failures);
                group.clear();
            }
            if (failures.isBlocking()) {
                return;
            }
            group.add(state.id() == null ? defined(desired, state) : state);
        }
        applyGroup(desired, group, propagation, transfer, failures);
    }

    private void applyGroup(
            DesiredState desired,
            List<ResourceState> group,
            String propagation,
            OwnershipTransfer transfer,
            SyncFailures failures) {
        List<ResourceState> immutable = group.stream()
                .filter(s -> s.difference() == Difference.IMMUTABLE)
                .toList();
        List<ResourceState> ready = new ArrayList<>(group);
        ready.removeAll(immutable);
        ready.addAll(deleteForReplacement(desired, immutable, propagation, failures));
        Map<ResourceState, CompletableFuture<Map<String, Object>>> writes = new LinkedHashMap<>();
        ready.forEach(state -> writes.put(state, applyOne(desired, state)));
        writes.forEach((state, write) -> {
            try {
                Map<String, Object> answer = ClusterApi.await(write);
                transfer.applied(state, answer);
                resourceDiffer.applied(state, answer);
                logAdoption(desired, state);
            } catch (ClusterException e) {
                failures.add(state, resourceDiffer.withRemedy(state, e));
            }
        });
    }

    /** Deletes immutable objects; returns those that are gone. */
    private List<ResourceState> deleteForReplacement(
            DesiredState desired, List<ResourceState> immutable, String propagation, SyncFailures failures) {
        immutable.stream()
                .filter(state -> !state.live().deleting())
                .forEach(state -> log.accept(desired.application() + ": deleting " + state.label()
                        + " to create it again (Replace=true): " + state.message()));
        List<ResourceState> gone = replacement.delete(
                immutable, propagation, (state, failure) -> failures.addIndependent(state, failure.getMessage()));
        gone.forEach(state -> resourceDiffer.forget(state.id().key()));
        return gone;
    }

    private void logAdoption(DesiredState desired, ResourceState state) {
        TrackingAnnotation before = state.live() == null ? null : state.live().tracking();
        if (before != null && !before.application().equals(desired.application())) {
            log.accept(
                    desired.application() + ": adopted " + state.label() + " from application " + before.application());
        }
    }

    /** First without force, so that a takeover from another manager can be reported; then with force. */
    private CompletableFuture<Map<String, Object>> applyOne(DesiredState desired, ResourceState state) {
        Map<String, Object> manifest = resourceDiffer.manifest(desired, state);
        // Asynchronous, since the following requests must not block the threads of the client.
        return api.apply(state.id(), manifest, false, false).exceptionallyComposeAsync(error -> {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            if (!(cause instanceof ClusterException failure) || !failure.isConflict()) {
                return CompletableFuture.failedFuture(cause);
            }
            return TrackingAnnotation.isAmong(failure.conflicts())
                    ? CompletableFuture.runAsync(() -> requireOwned(desired, state))
                            .thenCompose(owned -> takeOver(desired, state, failure))
                    : takeOver(desired, state, failure);
        });
    }

    private CompletableFuture<Map<String, Object>> takeOver(
            DesiredState desired, ResourceState state, ClusterException conflict) {
        conflict.conflicts()
                .forEach(c -> log.accept(desired.application() + ": taking ownership of " + c.field() + " of "
                        + state.label() + " from " + c.manager()));
        // A field that the cluster controls may have changed meanwhile, so the live values are read again.
        return api.apply(state.id(), resourceDiffer.manifest(desired, state), false, true);
    }

    /** Another agent may have applied the object since the comparison, or may create it first. */
    private void requireOwned(DesiredState desired, ResourceState state) {
        try {
            LiveObject live = LiveObject.of(state.id().kind(), api.get(state.id()));
            if (live.tracking() != null) {
                Ownership owner = ownership.of(live, state.desired(), desired.application());
                if (!owner.mayApply()) {
                    store.put(live);
                    throw new ClusterException(409, null, String.valueOf(owner.message()), List.of());
                }
            }
        } catch (ClusterException e) {
            throw new CompletionException(e);
        }
    }

    /** The kind of a custom object becomes available a few moments after its definition was applied. */
    private ResourceState defined(DesiredState desired, ResourceState state) throws ClusterException {
        long end = System.nanoTime() + CRD_TIMEOUT.toNanos();
        while (true) {
            var kind = kinds.find(state.desired().apiVersion(), state.desired().kindName());
            if (kind.isPresent()) {
                ObjectId id = state.desired().id(kind.get(), desired.namespace());
                requirePermitted(id); // The cluster may have another definition than Git.
                return new ResourceState(state.desired(), id, null, Difference.MISSING, null, null);
            }
            if (System.nanoTime() > end) {
                throw new ClusterException(404, null, state.label() + ": " + state.message(), List.of());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ClusterException.unreachable(e);
            }
        }
    }

    private void prune(String application, List<ResourceState> extra, String propagation, SyncFailures failures) {
        List<ResourceState> last = new ArrayList<>(extra);
        last.sort((one, other) -> KindOrder.OF_KINDS.compare(other.kindName(), one.kindName()));
        for (ResourceState state : last) {
            if (state.live().deleting()) {
                continue;
            }
            try {
                Map<String, Object> answer =
                        ClusterApi.await(api.delete(state.id(), state.live().uid(), propagation));
                log.accept(application + ": pruned " + state.label());
                resourceDiffer.forget(state.id().key());
                if (JsonTree.list(answer, "metadata", "finalizers").isEmpty()) {
                    store.removed(state.live());
                } else {
                    store.put(LiveObject.of(state.id().kind(), answer)); // Gone after its finalizers are done.
                }
            } catch (ClusterException e) {
                if (e.isNotFound()) {
                    store.removed(state.live());
                } else {
                    failures.add(state, e);
                }
            }
        }
    }
}
