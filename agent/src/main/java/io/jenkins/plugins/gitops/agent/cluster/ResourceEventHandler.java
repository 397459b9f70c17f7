package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;

/**
 * Gets what a {@link ResourceInformer} sees, from several threads.
 *
 * @param <T> what is kept of one object; the object itself is dropped at once
 */
public interface ResourceEventHandler<T> {
    /**
     * Whether metadata is all that is needed of this kind's objects. The API server is asked for nothing else then, and
     * {@link #read} gets nothing else.
     */
    default boolean isMetadataEnough(ResourceKind kind) {
        return false;
    }

    /**
     * Whether {@link #read} needs more of an object than its metadata; asked unless {@link #isMetadataEnough metadata is
     * enough}.
     *
     * @param object with nothing but {@code apiVersion}, {@code kind}, {@code metadata} for sure
     */
    default boolean isContentNeeded(ResourceKind kind, Map<String, Object> object) {
        return true;
    }

    /** Reads an object as the API server gives it, without what is not needed. */
    T read(ResourceKind kind, Map<String, Object> object);

    /**
     * All objects of a kind were listed: what is not among them, and is not newer, is gone.
     *
     * @param namespace the only one that was listed; null for all
     * @param version the resource version of the list
     */
    void replace(ResourceKind kind, @CheckForNull String namespace, long version, List<T> objects);

    /** An object is there, or was changed. */
    void put(ResourceKind kind, T object);

    /** An object is gone. */
    void remove(ResourceKind kind, T object);
}
