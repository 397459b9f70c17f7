package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Set;

/** Decides for one agent which live objects it may apply or prune. */
final class OwnershipRules {
    /** Annotation of a manifest in Git: the name of the agent that the object may be taken over from. */
    static final String ADOPT_FROM = "gitops.jenkins.io/adopt-from";

    private final String agent;
    private final Set<String> adoptFrom;
    private final ClusterIdentity identity;

    /**
     * @param agent name of this agent
     * @param adoptFrom names of the agents whose objects this agent takes over
     */
    OwnershipRules(String agent, Set<String> adoptFrom, ClusterIdentity identity) {
        this.agent = agent;
        this.adoptFrom = Set.copyOf(adoptFrom);
        this.identity = identity;
    }

    /**
     * What this agent marks its objects with.
     *
     * @throws ClusterFailure when the cluster cannot be asked who it is
     */
    Installation installation() throws ClusterFailure {
        return new Installation(agent, identity.uid());
    }

    /** Whether an application may apply its manifest to a tracked object. */
    Ownership of(LiveObject live, DesiredObject desired, String application) throws ClusterFailure {
        Tracking tracking = live.tracking();
        return Ownership.decide(tracking, installation(), application, adopts(tracking, desired));
    }

    private boolean adopts(Tracking tracking, DesiredObject desired) {
        String requested = JsonTree.text(desired.manifest(), "metadata", "annotations", ADOPT_FROM);
        String installation = tracking.installation();
        return requested != null && Installation.isOf(installation, requested)
                || adoptFrom.stream().anyMatch(name -> Installation.isOf(installation, name));
    }

    /** Whether a tracked object is certainly this agent's, so that it may be deleted when Git no longer holds it. */
    boolean mayPrune(LiveObject live) throws ClusterFailure {
        Tracking tracking = live.tracking();
        return tracking != null
                && tracking.installation() != null
                && installation().owns(tracking.installation());
    }
}
