package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipChange;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan.Edits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Transfers the ownership of fields to the agent before the objects of a sync are applied, and logs what the apply
 * removed. New objects need no request; the dry run shows whether an object already exists.
 */
final class OwnershipTransfer {
    private static final int MAX_FIELDS_IN_LOG = 10;

    private final FieldOwnership fields;
    private final ClusterApi api;
    private final ResourceDiffer resourceDiffer;
    private final DesiredState desired;
    private final Consumer<String> log;
    private final Map<ResourceState, FieldOwnership.Transfer> transfers = new ConcurrentHashMap<>();
    /** Objects that exist and did not belong to the agent before. */
    private final Set<ResourceState> adopted = ConcurrentHashMap.newKeySet();

    OwnershipTransfer(
            FieldOwnership fields,
            ClusterApi api,
            ResourceDiffer resourceDiffer,
            DesiredState desired,
            Consumer<String> log) {
        this.fields = fields;
        this.api = api;
        this.resourceDiffer = resourceDiffer;
        this.desired = desired;
        this.log = log;
    }

    /**
     * Performs a forced dry run of an object without a comparison; if the object exists, of its state after adoption.
     */
    CompletableFuture<Map<String, Object>> dryRun(ResourceState state) {
        return api.apply(state.id(), resourceDiffer.manifest(desired, state), true, true)
                .thenApply(answer -> {
                    // The response to a dry run of a new object has no resource version.
                    if (JsonTree.text(answer, "metadata", "resourceVersion") != null) {
                        adopted.add(state);
                    }
                    return answer;
                })
                // Asynchronous, since requests must not block each other on the threads of the client.
                .exceptionallyComposeAsync(error -> {
                    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                    boolean accepted = cause instanceof ClusterException failure
                            && failure.isInvalid()
                            && transfer(state, FieldOwnership.editsCausing(failure));
                    return accepted
                            ? api.apply(state.id(), resourceDiffer.manifest(desired, state), true, true)
                            : CompletableFuture.failedFuture(cause);
                });
    }

    /** Whether a dry run showed that the object exists. */
    boolean isAdoption(ResourceState state) {
        return adopted.contains(state);
    }

    /** Makes the agent the owner of the fields that it must own, for objects that are about to be applied. */
    void prepare(List<ResourceState> states, BiConsumer<ResourceState, ClusterException> onFailure) {
        for (ResourceState state : states) {
            boolean changed = state.difference() == Difference.CHANGED && mayHaveToChange(state);
            if (changed || adopted.contains(state)) {
                transfer(state, adopted.contains(state) ? Edits.OF_ANYONE : resourceDiffer.edits(state), onFailure);
            }
        }
    }

    private boolean mayHaveToChange(ResourceState state) {
        if (!fields.areSoleOwned(state.live())) {
            return true;
        }
        Map<String, Object> manifest = state.desired().manifest();
        boolean replicas = state.live().workload() != null && JsonTree.at(manifest, "spec", "replicas") == null;
        return replicas || manifest.containsKey("aggregationRule");
    }

    private boolean transfer(ResourceState state, Edits edits) {
        try {
            return transferNow(state, edits);
        } catch (ClusterException e) {
            throw new CompletionException(e);
        }
    }

    private void transfer(ResourceState state, Edits edits, BiConsumer<ResourceState, ClusterException> onFailure) {
        try {
            transferNow(state, edits);
        } catch (ClusterException e) {
            onFailure.accept(state, e);
        }
    }

    private boolean transferNow(ResourceState state, Edits edits) throws ClusterException {
        Optional<FieldOwnership.Transfer> made =
                fields.transfer(desired.application(), state, resourceDiffer.manifest(desired, state), edits);
        made.ifPresent(transfer -> {
            transfers.put(state, transfer);
            logTransfer(state, transfer.change());
        });
        return made.isPresent();
    }

    private void logTransfer(ResourceState state, OwnershipChange change) {
        if (!change.from().isEmpty()) {
            log.accept(desired.application() + ": taking ownership of " + state.label() + " from "
                    + String.join(", ", change.from()));
        }
        change.handedOver()
                .forEach((field, owners) -> log.accept(desired.application() + ": " + field + " of "
                        + state.label() + " is not in Git; its live value is kept and "
                        + (owners.isEmpty()
                                ? "has no owner now"
                                : "is owned by " + String.join(", ", owners) + " now")));
    }

    /** Logs what the apply removed. */
    void applied(ResourceState state, Map<String, Object> answer) {
        FieldOwnership.Transfer transfer = transfers.remove(state);
        if (transfer == null) {
            return;
        }
        List<String> removed = transfer.change().removed(transfer.before(), answer);
        removed.stream()
                .limit(MAX_FIELDS_IN_LOG)
                .forEach(field -> log.accept(desired.application() + ": removed " + field + " of " + state.label()
                        + ", which is not in Git"));
        if (removed.size() > MAX_FIELDS_IN_LOG) {
            log.accept(desired.application() + ": removed " + (removed.size() - MAX_FIELDS_IN_LOG) + " more fields of "
                    + state.label());
        }
    }
}
