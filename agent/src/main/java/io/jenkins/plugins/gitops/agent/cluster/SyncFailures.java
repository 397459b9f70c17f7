package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The failures of one sync, by resource. Not thread-safe. */
final class SyncFailures {
    /** Maximum length of a message in characters; the cause of an error is often at its end. */
    static final int MAX_LENGTH = 300;
    /** Other resources cannot be created without these. */
    private static final Set<String> NEEDED = Set.of("Namespace", "CustomResourceDefinition");

    private final SecretMask mask;
    private final Map<String, String> messages = new LinkedHashMap<>();
    private boolean blocking;
    private boolean outage;

    /** @param mask hides the values of the application's Secrets */
    SyncFailures(SecretMask mask) {
        this.mask = mask;
    }

    /**
     * Records that the API server rejected a resource, or could not be reached. Unless it denied only this resource,
     * kinds that come later are not applied.
     */
    void add(ResourceState state, ClusterException failure) {
        outage |= failure.isOutage();
        boolean needed = NEEDED.contains(state.kindName()) && state.live() == null;
        if (failure.isDenied() && !needed) {
            addIndependent(state, text(failure));
        } else {
            add(state, text(failure));
        }
    }

    /** Records that a resource cannot be applied; kinds that come later are not applied. */
    void add(ResourceState state, String message) {
        blocking = true;
        messages.put(state.label(), mask.mask(message));
    }

    /** Records that a resource is not changed, which does not affect any other. */
    void addIndependent(ResourceState state, String message) {
        messages.put(state.label(), mask.mask(message));
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Whether there is a failure that other resources may depend on. */
    boolean isBlocking() {
        return blocking;
    }

    /**
     * The result of the sync.
     *
     * @param summary the message of a failed sync
     */
    SyncResult outcome(String summary) {
        return isEmpty() ? SyncResult.SUCCESS : new SyncResult(false, summary, messages, outage);
    }

    /** The result of a sync that ended with a request that concerns all resources. */
    SyncResult outcome(ClusterException failure) {
        return new SyncResult(false, text(failure), messages, outage || failure.isOutage());
    }

    private String text(ClusterException failure) {
        return TextSanitizer.middle(String.valueOf(mask.mask(failure.getMessage())), MAX_LENGTH);
    }
}
