package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.ownership.OwnershipChange;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan.Edits;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the owners of the fields of live objects, and makes the agent the owner of those that its next apply must be
 * able to remove.
 */
final class FieldOwnership {
    private static final int ATTEMPTS = 4;

    private final ClusterApi api;
    private final OwnershipRules rules;
    private final ReplacedManagers replaced;

    /** @param replaced managers other than those of agents */
    FieldOwnership(ClusterApi api, OwnershipRules rules, ReplacedManagers replaced) {
        this.api = api;
        this.rules = rules;
        // The manager of agents before it included their names.
        this.replaced = replaced.and(Installation.MANAGER_PREFIX);
    }

    /**
     * A change that was made.
     *
     * @param before the object before the change
     */
    record Transfer(OwnershipChange change, Map<String, Object> before) {}

    /** Whose edits of lists may be reverted to make a rejected object valid. */
    static Edits editsCausing(ClusterException refusal) {
        // The API server's text for FieldValueDuplicate.
        return refusal.getMessage().contains("Duplicate value") ? Edits.DUPLICATES : Edits.OF_ANYONE;
    }

    /** Whether only this agent has written to the object, so that it has no fields of others. */
    boolean areSoleOwned(LiveObject live) {
        return live.owners().equals(api.fieldManager());
    }

    /**
     * The change to make before a manifest is applied; empty if there is none, the object does not exist, or it belongs
     * to another application or agent.
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
     * Plans and writes the change. It does not change any value of the object.
     *
     * @return empty if there was nothing to change
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
                // The object was changed between the two requests.
                if (e.code() != 409 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
