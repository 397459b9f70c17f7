package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import java.io.IOException;
import java.util.Optional;

/** Where an agent remembers which cluster and which repository it has worked with. */
public interface IdentityStore {
    /**
     * What was remembered.
     *
     * @param key of letters
     * @throws IOException when a store that should be there cannot be read
     * @throws ClusterException when the API server cannot be asked
     */
    Optional<String> get(String key) throws IOException, ClusterException;

    /** Remembers a value in place of any other. */
    void put(String key, String value) throws IOException, ClusterException;

    /** What is remembered there, with nothing added to it. */
    default IdentityStore readOnly() {
        IdentityStore store = this;
        return new IdentityStore() {
            @Override
            public Optional<String> get(String key) throws IOException, ClusterException {
                return store.get(key);
            }

            @Override
            public void put(String key, String value) {
                // Whoever applies remembers it.
            }
        };
    }
}
