package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.ownership.OwnershipChange;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan.Edits;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import java.util.Map;
import java.util.Optional;

/** Reads who owns the fields of live objects, and makes those the agent's that its next apply has to be able to remove. */
final class FieldOwnership {
    private static final int ATTEMPTS = 4;

    private final ClusterApi api;
    private final OwnershipRules rules;
    private final ReplacedManagers replaced;

    /** @param replaced managers besides those of agents */
    FieldOwnership(ClusterApi api, OwnershipRules rules, ReplacedManagers replaced) {
        this.api = api;
        this.rules = rules;
        // What agents called themselves before their names were part of it.
        this.replaced = replaced.and(Installation.MANAGER_PREFIX);
    }

    /**
     * A change that was made.
     *
     * @param before the object as it was
     */
    record Transfer(OwnershipChange change, Map<String, Object> before) {}

    /** Whose edits of lists may be undone to get a refused object accepted. */
    static Edits editsCausing(ClusterException refusal) {
        // The API server's text for FieldValueDuplicate.
        return refusal.getMessage().contains("Duplicate value") ? Edits.DUPLICATES : Edits.OF_ANYONE;
    }

    /** Whether nobody but this agent has written to the object, so that there are no fields of others. */
    boolean areSoleOwned(LiveObject live) {
        return live.owners().equals(api.fieldManager());
    }

    /**
     * What should change before a manifest is applied; empty when nothing should, the object does not exist, or it
     * belongs to another application or agent.
     */
    Optional<OwnershipChange> plan(String application, ResourceState state, Map<String, Object> manifest, Edits edits)
            throws ClusterException {
        try {
            return plan(application, state, api.get(state.id()), manifest, edits);
        } catch (ClusterException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<OwnershipChange> plan(
            String application,
            ResourceState state,
            Map<String, Object> live,
            Map<String, Object> manifest,
            Edits edits)
            throws ClusterException {
        LiveObject summary = LiveObject.of(state.id().kind(), live);
        ReplacedManagers managers = replaced;
        if (summary.tracking() != null) {
            Ownership owner = rules.of(summary, state.desired(), application);
            if (!owner.mayApply()) {
                return Optional.empty();
            }
            String installation = summary.tracking().installation();
            if (installation != null && !rules.installation().owns(installation)) {
                managers = managers.and(Installation.fieldManager(Installation.agentOf(installation)));
            }
        }
        return OwnershipPlan.of(live, manifest, api.fieldManager(), managers, edits);
    }

    /**
     * Plans and writes. No value of the object changes.
     *
     * @return empty when there was nothing to change
     */
    Optional<Transfer> transfer(String application, ResourceState state, Map<String, Object> manifest, Edits edits)
            throws ClusterException {
        for (int attempt = 1; ; attempt++) {
            try {
                Map<String, Object> live = api.get(state.id());
                Optional<OwnershipChange> change = plan(application, state, live, manifest, edits);
                if (change.isPresent()) {
                    api.patch(state.id(), change.get().patch(live));
                }
                return change.map(made -> new Transfer(made, live));
            } catch (ClusterException e) {
                if (e.isNotFound()) {
                    return Optional.empty();
                }
                // Written by somebody between the two requests.
                if (e.code() != 409 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
