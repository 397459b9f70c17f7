package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What failed in one sync, by resource. Of one thread. */
final class SyncFailures {
    /** Characters of one message; the cause of an error is often at its end. */
    static final int MAX_LENGTH = 300;
    /** Without them other resources cannot be created. */
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
     * The API server refused a resource, or could not be reached. Unless it is this resource only that it denies, kinds that
     * are applied later are not applied.
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

    /** A resource cannot be applied; kinds that are applied later are not applied. */
    void add(ResourceState state, String message) {
        blocking = true;
        messages.put(state.label(), mask.mask(message));
    }

    /** A resource stays as it is, and no other depends on that. */
    void addIndependent(ResourceState state, String message) {
        messages.put(state.label(), mask.mask(message));
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Whether something failed that other resources may depend on. */
    boolean isBlocking() {
        return blocking;
    }

    /** How the sync ended. @param summary for one that failed */
    SyncResult outcome(String summary) {
        return isEmpty() ? SyncResult.SUCCESS : new SyncResult(false, summary, messages, outage);
    }

    /** The sync ended with a request that concerns all resources. */
    SyncResult outcome(ClusterException failure) {
        return new SyncResult(false, text(failure), messages, outage || failure.isOutage());
    }

    private String text(ClusterException failure) {
        return TextSanitizer.middle(String.valueOf(mask.mask(failure.getMessage())), MAX_LENGTH);
    }
}
