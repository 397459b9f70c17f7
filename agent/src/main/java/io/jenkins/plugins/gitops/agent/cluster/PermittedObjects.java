package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.cluster.AllowedResources.Refusal;
import java.util.Optional;

/** Decides whether the agent may apply an object in Git, before any request about it is sent to the API server. */
final class PermittedObjects {
    private final AllowedResources allowed;
    private final RestMapper kinds;

    PermittedObjects(AllowedResources allowed, RestMapper kinds) {
        this.allowed = allowed;
        this.kinds = kinds;
    }

    /**
     * Why an object in Git may not be applied; empty if it may, or if the cluster does not know its kind.
     *
     * @throws ClusterException if the API server cannot be reached
     */
    Optional<Refusal> refusal(DesiredState desired, DesiredObject object) throws ClusterException {
        Optional<Refusal> ofKind = allowed.refusal(object.group(), object.kindName());
        if (ofKind.isPresent()) {
            return ofKind;
        }
        return kinds.find(object.apiVersion(), object.kindName())
                .or(() -> DefinedKinds.find(desired, object))
                .flatMap(kind -> allowed.refusal(object.id(kind, desired.namespace())));
    }

    /** Why an object may be neither applied nor deleted; empty if it may. */
    Optional<Refusal> refusal(ObjectId id) {
        return allowed.refusal(id);
    }
}
