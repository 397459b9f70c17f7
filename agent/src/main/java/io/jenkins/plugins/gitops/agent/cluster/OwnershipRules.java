package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.List;
import java.util.Set;

/** Decides for one agent which live objects it may apply or prune. */
final class OwnershipRules {
    /** Annotation of a manifest in Git: the name of the agent that the object may be taken over from. */
    static final String ADOPT_FROM = "gitops.jenkins.io/adopt-from";

    private static final String NAMESPACE = "Namespace";

    private final String agent;
    private final Set<String> adoptFrom;
    private final ClusterIdentity identity;
    private final DesiredInventory inventory;

    /**
     * @param agent name of this agent
     * @param adoptFrom names of the agents whose objects this agent takes over
     * @param inventory what the applications of this agent hold
     */
    OwnershipRules(String agent, Set<String> adoptFrom, ClusterIdentity identity, DesiredInventory inventory) {
        this.agent = agent;
        this.adoptFrom = Set.copyOf(adoptFrom);
        this.identity = identity;
        this.inventory = inventory;
    }

    /**
     * What this agent marks its objects with.
     *
     * @throws ClusterException when the cluster cannot be asked who it is
     */
    Installation installation() throws ClusterException {
        return new Installation(agent, identity.uid());
    }

    /** Whether an application may apply its manifest to a tracked object. */
    Ownership of(LiveObject live, DesiredObject desired, String application) throws ClusterException {
        TrackingAnnotation trackingAnnotation = live.tracking();
        Ownership owner = Ownership.decide(
                trackingAnnotation,
                installation(),
                application,
                adopts(trackingAnnotation, desired),
                inventory.membership(trackingAnnotation.application(), live.id(), application));
        return live.id().kind().isOneOf(NAMESPACE) ? owner.shared(trackingAnnotation) : owner;
    }

    /** Names of the other applications whose folders hold an object, too; empty for all but namespaces. */
    List<String> sharing(ObjectId id, String application) {
        return id.kind().isOneOf(NAMESPACE) ? inventory.sharing(id, application) : List.of();
    }

    /** What the other applications are to an object that an application no longer holds. */
    DesiredInventory.OtherApplications others(ObjectId id, String application) {
        return inventory.others(id, application);
    }

    private boolean adopts(TrackingAnnotation trackingAnnotation, DesiredObject desired) {
        String requested = JsonTree.text(desired.manifest(), "metadata", "annotations", ADOPT_FROM);
        String installation = trackingAnnotation.installation();
        return requested != null && Installation.isOf(installation, requested)
                || adoptFrom.stream().anyMatch(name -> Installation.isOf(installation, name));
    }

    /** Whether a tracked object is certainly this agent's, so that it may be deleted when Git no longer holds it. */
    boolean mayPrune(LiveObject live) throws ClusterException {
        TrackingAnnotation trackingAnnotation = live.tracking();
        return trackingAnnotation != null
                && trackingAnnotation.installation() != null
                && installation().owns(trackingAnnotation.installation());
    }
}
