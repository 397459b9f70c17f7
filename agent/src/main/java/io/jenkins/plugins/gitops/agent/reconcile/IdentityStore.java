package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import java.io.IOException;
import java.util.Optional;

/** Stores which cluster and which repository an agent has worked with. */
public interface IdentityStore {
    /**
     * Returns a stored value.
     *
     * @param key only letters
     * @throws IOException if a store that should exist cannot be read
     * @throws ClusterException if the API server cannot be reached
     */
    Optional<String> get(String key) throws IOException, ClusterException;

    /** Stores a value, replacing any other. */
    void put(String key, String value) throws IOException, ClusterException;

    /** Returns a view of the store that does not write. */
    default IdentityStore readOnly() {
        IdentityStore store = this;
        return new IdentityStore() {
            @Override
            public Optional<String> get(String key) throws IOException, ClusterException {
                return store.get(key);
            }

            @Override
            public void put(String key, String value) {
                // Only the agent that applies stores its identity.
            }
        };
    }
}
