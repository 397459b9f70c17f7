package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions.Pruning;
import io.jenkins.plugins.gitops.agent.cluster.AllowedResources.Refusal;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipChange;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan.Edits;
import io.jenkins.plugins.gitops.core.model.Health;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Compares by dry runs of server-side apply: the server itself reports what an apply would change, with its defaults
 * and webhooks. A result is valid as long as neither the live object nor the manifest changes, so an unchanged
 * application costs no request.
 */
final class ResourceDiffer {
    private static final String NOT_COMPARED =
            "; to compare, grant the verb patch, which is used for dry runs only, as agent/deploy/read-only does";

    private final ClusterApi api;
    private final RestMapper kinds;
    private final Informers informers;
    private final LiveObjectCache store;
    private final PodDiagnostics diagnostics;
    private final OwnershipRules ownership;
    private final FieldOwnership fields;
    private final CompletedJobs completed;
    private final PermittedObjects permitted;
    private final ImmutableFields immutable;
    private final Map<ObjectId.Key, DryRunResult> dryRuns = new ConcurrentHashMap<>();

    /**
     * The result of a dry run of one manifest on one live object.
     *
     * @param edits whose edits of lists may be reverted
     */
    private record DryRunResult(
            String fingerprint,
            String owners,
            Edits edits,
            String hash,
            Difference difference,
            @CheckForNull String message) {}

    ResourceDiffer(
            ClusterApi api,
            RestMapper kinds,
            Informers informers,
            LiveObjectCache store,
            PodDiagnostics diagnostics,
            OwnershipRules ownership,
            FieldOwnership fields,
            CompletedJobs completed,
            PermittedObjects permitted) {
        this.api = api;
        this.kinds = kinds;
        this.informers = informers;
        this.store = store;
        this.diagnostics = diagnostics;
        this.ownership = ownership;
        this.fields = fields;
        this.completed = completed;
        this.permitted = permitted;
        this.immutable = new ImmutableFields(api);
    }

    /** Compares all objects of an application in Git, and finds those that were removed from Git. */
    Comparison compare(DesiredState desired) throws ClusterException {
        ownership.installation(); // Cached from now on, so that manifests can be created without a request.
        List<ResourceState> states = new ArrayList<>();
        RequestWindow runs =
                new RequestWindow((index, answer) -> states.set(index, evaluate(desired, states.get(index), answer)));
        Set<ObjectId.Key> keys = new HashSet<>();
        List<String> warnings = new ArrayList<>();
        for (DesiredObject object : desired.objects()) {
            ResourceState state = checkOwnership(desired, object, warnings);
            if (state.id() != null) {
                keys.add(state.id().key());
            }
            if (state.difference() == Difference.CHANGED && state.message() == null && !isCached(state)) {
                runs.send(states.size(), () -> dryRun(desired, state, false));
            }
            states.add(state);
        }
        runs.finish();
        states.replaceAll(this::cachedResult);
        for (LiveObject live : store.of(desired.application())) {
            boolean wanted =
                    keys.contains(live.id().key()) || desired.retention().isOwnNamespace(live);
            if (!wanted && !live.owned() && ownership.mayPrune(live)) {
                requiresPruning(desired, live).ifPresent(states::add);
            }
        }
        return new Comparison(states, warnings);
    }

    /** The state of an object that was removed from its application; empty if another application has it in Git. */
    private Optional<ResourceState> requiresPruning(DesiredState desired, LiveObject live) {
        DesiredInventory.OtherApplications otherApplications = ownership.others(live.id(), desired.application());
        return switch (otherApplications.membership()) {
            case DECLARED -> Optional.empty();
            case PENDING ->
                Optional.of(notPruned(
                        live, Difference.UNDECIDED, "no longer in Git; waits until all applications are rendered"));
            case UNKNOWN ->
                Optional.of(notPruned(
                        live,
                        Difference.WITHHELD,
                        "no longer in Git here; not pruned while application "
                                + otherApplications.applications().get(0)
                                + ", which may contain it, cannot be rendered"));
            default -> Optional.of(released(desired, live));
        };
    }

    private ResourceState notPruned(LiveObject live, Difference difference, String why) {
        return new ResourceState(null, live.id(), live, difference, diagnostics.explain(live), why);
    }

    private ResourceState released(DesiredState desired, LiveObject live) {
        Optional<Refusal> refusal = permitted.refusal(live.id());
        boolean kept = refusal.isPresent() || desired.retention().of(live) == Pruning.NEVER;
        String why = live.deleting()
                ? "being deleted"
                : refusal.map(r -> "no longer in Git; not pruned: " + r.reason() + "; delete it manually")
                        .orElse(kept ? "no longer in Git; kept on request (Prune=false)" : "no longer in Git");
        Difference difference = kept ? Difference.KEPT : Difference.REQUIRES_PRUNING;
        return new ResourceState(null, live.id(), live, difference, diagnostics.explain(live), why);
    }

    /** The state as far as it is known without a dry run; CHANGED if it is not known yet. */
    private ResourceState checkOwnership(DesiredState desired, DesiredObject object, List<String> warnings)
            throws ClusterException {
        Optional<Refusal> refusal = permitted.refusal(desired, object);
        if (refusal.isPresent()) {
            return notPermitted(desired, object, refusal.get());
        }
        Optional<ResourceKind> kind = watchedKind(desired, object);
        if (kind.isEmpty()) {
            return new ResourceState(object, null, null, Difference.MISSING, null, unknownKind(object));
        }
        ObjectId id = object.id(kind.get(), desired.namespace());
        LiveObject live = store.get(id.key());
        if (live == null) {
            return completed.contains(id, object)
                    ? new ResourceState(object, id, null, Difference.SAME, new HealthStatus(Health.HEALTHY, null), null)
                    : new ResourceState(object, id, null, Difference.MISSING, null, null);
        }
        return owned(desired, new ResourceState(object, id, live, Difference.CHANGED, null, null), warnings);
    }

    private ResourceState notPermitted(DesiredState desired, DesiredObject object, Refusal refusal)
            throws ClusterException {
        ObjectId id = kinds.find(object.apiVersion(), object.kindName())
                .map(kind -> object.id(kind, desired.namespace()))
                .orElse(null);
        return new ResourceState(object, id, null, Difference.NOT_PERMITTED, null, refusal.message());
    }

    private ResourceState owned(DesiredState desired, ResourceState state, List<String> warnings)
            throws ClusterException {
        LiveObject live = state.live();
        Ownership owner = ownership.of(live, state.desired(), desired.application());
        List<String> sharing = ownership.sharing(state.id(), desired.application());
        if (owner.kind() == Ownership.OwnershipKind.SHARED) {
            warnings.add(state.label() + " " + owner.message());
        } else if (!sharing.isEmpty()) {
            warnings.add(state.label() + " is shared with " + String.join(", ", sharing)
                    + "; this application's version is applied");
        }
        Difference difference =
                switch (owner.kind()) {
                    case REFUSED -> Difference.REFUSED;
                    case PENDING -> Difference.UNDECIDED;
                    case SHARED -> Difference.SAME;
                    case OURS, ADOPTED -> Difference.CHANGED;
                };
        if (owner.kind() == Ownership.OwnershipKind.ADOPTED) {
            dryRuns.remove(state.id().key()); // The result belongs to the object's previous application.
        }
        boolean ours = difference == Difference.SAME || difference == Difference.CHANGED;
        return new ResourceState(
                state.desired(),
                state.id(),
                ours ? live : null,
                difference,
                ours ? diagnostics.explain(live) : null,
                ours ? null : owner.message());
    }

    /** The kind of an object, after its live objects were listed; empty if the cluster does not know it (any more). */
    private Optional<ResourceKind> watchedKind(DesiredState desired, DesiredObject object) throws ClusterException {
        Optional<ResourceKind> kind = kinds.find(object.apiVersion(), object.kindName());
        if (kind.isPresent() && !informers.require(object.id(kind.get(), desired.namespace()))) {
            kinds.forget(kind.get());
            return Optional.empty();
        }
        return kind;
    }

    private static String unknownKind(DesiredObject object) {
        return "the cluster does not know " + object.apiVersion() + " " + object.kindName();
    }

    /**
     * Translates the server's response for a resource in Git. Forgets a kind that no longer exists, so that it is
     * looked up again.
     */
    ClusterException withRemedy(ResourceState state, ClusterException failure) {
        if (!failure.isOfUnknownKind()) {
            return failure;
        }
        kinds.forget(state.id().kind());
        informers.forget(state.id().kind());
        return new ClusterException(failure.code(), null, unknownKind(state.desired()), List.of());
    }

    private boolean isCached(ResourceState state) {
        DryRunResult dryRunResult = dryRuns.get(state.id().key());
        return dryRunResult != null
                && dryRunResult.hash().equals(state.desired().hash())
                && dryRunResult.fingerprint().equals(state.live().fingerprint())
                && dryRunResult.owners().equals(state.live().owners());
    }

    private ResourceState cachedResult(ResourceState state) {
        boolean asked = state.difference() == Difference.CHANGED && state.message() == null;
        if (!asked || !isCached(state)) {
            return state;
        }
        DryRunResult dryRunResult = dryRuns.get(state.id().key());
        return state.withDifference(dryRunResult.difference(), dryRunResult.message());
    }

    private CompletableFuture<Map<String, Object>> dryRun(DesiredState desired, ResourceState state, boolean force) {
        CompletableFuture<Map<String, Object>> manifest =
                state.desired().ignored().isEmpty()
                        ? CompletableFuture.completedFuture(manifest(desired, state))
                        : CompletableFuture.supplyAsync(() -> manifest(desired, state));
        return manifest.thenCompose(m -> api.apply(state.id(), m, true, force));
    }

    /** The manifest to apply, with the live values of fields that the cluster controls. */
    Map<String, Object> manifest(DesiredState desired, ResourceState state) {
        try {
            Map<String, Object> manifest =
                    state.desired().tracked(state.id(), desired.application(), ownership.installation());
            if (!state.desired().ignored().isEmpty()) {
                copyIgnored(state, manifest);
            }
            return manifest;
        } catch (ClusterException e) {
            throw new CompletionException(e);
        }
    }

    private void copyIgnored(ResourceState state, Map<String, Object> manifest) throws ClusterException {
        try {
            Map<String, Object> live = api.get(state.id());
            state.desired().ignored().forEach(pointer -> new JsonPointer(pointer).copy(live, manifest));
        } catch (ClusterException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private ResourceState evaluate(
            DesiredState desired, ResourceState state, CompletableFuture<Map<String, Object>> run)
            throws ClusterException {
        try {
            return evaluateResult(desired, state, ClusterApi.await(run));
        } catch (ClusterException e) {
            if (e.code() == 0) {
                throw e;
            }
            if (!api.mayWrite() && e.isUnauthorized("patch")) {
                throw new ClusterException(e.code(), e.reason(), e.getMessage() + NOT_COMPARED, List.of());
            }
            if (!e.isConflict()) {
                return refused(desired, state, e);
            }
            return ownedByOther(desired, state, e);
        }
    }

    private ResourceState evaluateResult(DesiredState desired, ResourceState state, Map<String, Object> wanted)
            throws ClusterException {
        String fingerprint = LiveObject.fingerprint(wanted);
        // The object from the watch may be older than the one that the server compared with, or have another
        // representation.
        boolean same = fingerprint.equals(state.live().fingerprint())
                || fingerprint.equals(LiveObject.fingerprint(api.get(state.id())));
        if (!same) {
            return remember(state, Difference.CHANGED, null);
        }
        String leftovers = fields.areSoleOwned(state.live()) ? null : leftovers(desired, state, Edits.OF_KUBECTL);
        return remember(state, leftovers == null ? Difference.SAME : Difference.CHANGED, leftovers);
    }

    /**
     * Fields of other managers that server-side apply keeps beside those of Git, as a message; null if there are none.
     */
    @CheckForNull
    private String leftovers(DesiredState desired, ResourceState state, Edits edits) throws ClusterException {
        return fields.plan(desired.application(), state, manifest(desired, state), edits)
                .filter(OwnershipChange::leftovers)
                .map(OwnershipChange::reason)
                .orElse(null);
    }

    /** Fields were changed by another manager: that is drift if a forced apply would be accepted. */
    private ResourceState ownedByOther(DesiredState desired, ResourceState state, ClusterException conflict)
            throws ClusterException {
        String who = conflict.conflicts().stream().map(Object::toString).collect(Collectors.joining(", "));
        try {
            ClusterApi.await(dryRun(desired, state, true));
        } catch (ClusterException e) {
            if (e.code() == 0) {
                throw e;
            }
            return refused(desired, state, e);
        }
        return remember(state, Difference.CHANGED, "changed by " + who);
    }

    private ResourceState refused(DesiredState desired, ResourceState state, ClusterException refusal)
            throws ClusterException {
        if (refusal.isDenied()) {
            return remember(state, Difference.DENIED, refusal.getMessage());
        }
        // The reason may be leftovers of others in the object, such as a port with the same name.
        Edits edits = FieldOwnership.editsCausing(refusal);
        String leftovers = refusal.isInvalid() ? leftovers(desired, state, edits) : null;
        if (leftovers != null) {
            remember(state, state.live(), edits, Difference.CHANGED, leftovers);
            return state.withDifference(Difference.CHANGED, leftovers);
        }
        if (!isImmutable(desired, state, refusal)) {
            return remember(state, Difference.REFUSED, refusal.getMessage());
        }
        ResourceState found = state.withDifference(Difference.IMMUTABLE, null);
        return remember(state, Difference.IMMUTABLE, ObjectReplacement.message(found, refusal.getMessage()));
    }

    /** Whether the server rejected only the update of an object, and would accept it as a new one. */
    boolean isImmutable(DesiredState desired, ResourceState state, ClusterException refusal) throws ClusterException {
        return refusal.isInvalid()
                && !refusal.isDenied()
                && immutable.allowsOnlyCreation(
                        state.id(), ClusterApi.await(CompletableFuture.supplyAsync(() -> manifest(desired, state))));
    }

    private ResourceState remember(ResourceState state, Difference difference, @CheckForNull String message) {
        Edits edits = difference == Difference.SAME ? Edits.OF_ANYONE : edits(state);
        remember(state, state.live(), edits, difference, message);
        return state.withDifference(difference, message);
    }

    private void remember(
            ResourceState state, LiveObject live, Edits edits, Difference difference, @CheckForNull String message) {
        String hash = state.desired().hash();
        dryRuns.put(
                state.id().key(),
                new DryRunResult(live.fingerprint(), live.owners(), edits, hash, difference, message));
    }

    /**
     * Whose edits of lists may be reverted: those of any manager if the object has matched this manifest before, since
     * they are drift then.
     */
    Edits edits(ResourceState state) {
        DryRunResult dryRunResult = dryRuns.get(state.id().key());
        return dryRunResult != null
                        && dryRunResult.hash().equals(state.desired().hash())
                ? dryRunResult.edits()
                : Edits.OF_KUBECTL;
    }

    /** Records the response to an apply, which matches Git by definition. */
    void applied(ResourceState state, Map<String, Object> answer) {
        LiveObject live = LiveObject.of(state.id().kind(), answer);
        remember(state, live, Edits.OF_ANYONE, Difference.SAME, null);
        store.put(live);
    }

    /** Forgets rejections, so that the next attempt sends the requests again. */
    void forgetRefusals(Comparison comparison) {
        comparison.resources().stream()
                .filter(r -> r.id() != null && r.isRefused())
                .forEach(r -> dryRuns.remove(r.id().key()));
    }

    /** Forgets a deleted object. */
    void forget(ObjectId.Key key) {
        dryRuns.remove(key);
    }
}
