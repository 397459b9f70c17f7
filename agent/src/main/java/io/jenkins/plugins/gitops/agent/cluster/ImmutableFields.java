package io.jenkins.plugins.gitops.agent.cluster;

import java.util.Map;

/**
 * Distinguishes a change that the API server never allows, such as one of a Job's template, from an invalid manifest.
 */
final class ImmutableFields {
    private final ClusterApi api;

    ImmutableFields(ClusterApi api) {
        this.api = api;
    }

    /**
     * Whether a manifest that is not a valid update of a live object is valid for a new one. Decided by a dry run of
     * its creation: the server validates a new object before it checks whether the name exists.
     */
    boolean allowsOnlyCreation(ObjectId id, Map<String, Object> manifest) throws ClusterException {
        try {
            ClusterApi.await(api.tryCreate(id, manifest));
            return false; // The object was deleted meanwhile.
        } catch (ClusterException e) {
            if (e.code() == 0) {
                throw e;
            }
            return "AlreadyExists".equals(e.reason());
        }
    }
}
