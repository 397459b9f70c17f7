package io.jenkins.plugins.gitops.agent.cluster;

import java.util.Map;

/** Tells a change that the API server never allows, such as that of a Job's template, from a manifest that is invalid. */
final class ImmutableFields {
    private final ClusterApi api;

    ImmutableFields(ClusterApi api) {
        this.api = api;
    }

    /**
     * Whether a manifest that is no valid change of a live object is fine for a new one. Asked by a dry run of a creation:
     * the server validates a new object before it finds that there is one of that name.
     */
    boolean allowsOnlyCreation(ObjectId id, Map<String, Object> manifest) throws ClusterException {
        try {
            ClusterApi.await(api.tryCreate(id, manifest));
            return false; // It has gone meanwhile.
        } catch (ClusterException e) {
            if (e.code() == 0) {
                throw e;
            }
            return "AlreadyExists".equals(e.reason());
        }
    }
}
