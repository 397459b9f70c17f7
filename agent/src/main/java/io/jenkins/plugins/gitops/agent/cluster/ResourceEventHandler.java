package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;

/**
 * Receives what a {@link ResourceInformer} observes, from several threads.
 *
 * @param <T> the part of an object that is kept; the object itself is discarded immediately
 */
public interface ResourceEventHandler<T> {
    /**
     * Whether the metadata of this kind's objects is sufficient. The API server is then asked only for metadata, and
     * {@link #read} receives nothing else.
     */
    default boolean isMetadataEnough(ResourceKind kind) {
        return false;
    }

    /**
     * Whether {@link #read} needs more of an object than its metadata; called unless {@link #isMetadataEnough metadata
     * is enough}.
     *
     * @param object certain to contain only {@code apiVersion}, {@code kind} and {@code metadata}
     */
    default boolean isContentNeeded(ResourceKind kind, Map<String, Object> object) {
        return true;
    }

    /** Reads an object in the API server's format, and returns the part to keep. */
    T read(ResourceKind kind, Map<String, Object> object);

    /**
     * Called after all objects of a kind were listed: objects that are missing from the list, and not newer, were
     * deleted.
     *
     * @param namespace the only one that was listed; null for all
     * @param version the resource version of the list
     */
    void replace(ResourceKind kind, @CheckForNull String namespace, long version, List<T> objects);

    /** Called when an object was added or changed. */
    void put(ResourceKind kind, T object);

    /** Called when an object was deleted. */
    void remove(ResourceKind kind, T object);
}
