package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.List;
import java.util.Set;

/** Decides which live objects an agent may apply or prune. */
final class OwnershipRules {
    /** Annotation of a manifest in Git: the name of the agent from which the object may be taken over. */
    static final String ADOPT_FROM = "gitops.jenkins.io/adopt-from";

    private static final String NAMESPACE = "Namespace";

    private final String agent;
    private final Set<String> adoptFrom;
    private final ClusterIdentity identity;
    private final DesiredInventory inventory;

    /**
     * @param agent name of this agent
     * @param adoptFrom names of the agents whose objects this agent takes over
     * @param inventory the objects of this agent's applications
     */
    OwnershipRules(String agent, Set<String> adoptFrom, ClusterIdentity identity, DesiredInventory inventory) {
        this.agent = agent;
        this.adoptFrom = Set.copyOf(adoptFrom);
        this.identity = identity;
        this.inventory = inventory;
    }

    /**
     * The installation that this agent records on its objects.
     *
     * @throws ClusterException if the identity of the cluster cannot be read
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

    /** Names of the other applications whose folders contain an object, too; empty unless it is a namespace. */
    List<String> sharing(ObjectId id, String application) {
        return id.kind().isOneOf(NAMESPACE) ? inventory.sharing(id, application) : List.of();
    }

    /** The relation of the other applications to an object that was removed from its application. */
    DesiredInventory.OtherApplications others(ObjectId id, String application) {
        return inventory.others(id, application);
    }

    private boolean adopts(TrackingAnnotation trackingAnnotation, DesiredObject desired) {
        String requested = JsonTree.text(desired.manifest(), "metadata", "annotations", ADOPT_FROM);
        String installation = trackingAnnotation.installation();
        return requested != null && Installation.isOf(installation, requested)
                || adoptFrom.stream().anyMatch(name -> Installation.isOf(installation, name));
    }

    /**
     * Whether a tracked object certainly belongs to this agent, so that it may be deleted when it is removed from Git.
     */
    boolean mayPrune(LiveObject live) throws ClusterException {
        TrackingAnnotation trackingAnnotation = live.tracking();
        return trackingAnnotation != null
                && trackingAnnotation.installation() != null
                && installation().owns(trackingAnnotation.installation());
    }
}
