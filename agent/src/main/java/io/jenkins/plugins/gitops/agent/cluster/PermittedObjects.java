package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.cluster.AllowedResources.Refusal;
import java.util.Optional;

/** Says of each object of Git whether the agent may apply it, before the API server is asked about it. */
final class PermittedObjects {
    private final AllowedResources allowed;
    private final RestMapper kinds;

    PermittedObjects(AllowedResources allowed, RestMapper kinds) {
        this.allowed = allowed;
        this.kinds = kinds;
    }

    /**
     * Why an object of Git may not be applied; empty when it may, or when the cluster does not know its kind.
     *
     * @throws ClusterException when the API server cannot be asked about the kind
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

    /** Why an object may be neither applied nor deleted; empty when it may. */
    Optional<Refusal> refusal(ObjectId id) {
        return allowed.refusal(id);
    }
}
