package io.jenkins.plugins.gitops.core.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map of limited size: exceeding it removes the eldest entry. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private static final int INITIAL_CAPACITY = 64;
    private static final float LOAD_FACTOR = 0.75f;

    private final int maxEntries;

    private BoundedMap(int maxEntries, boolean byAccess) {
        super(INITIAL_CAPACITY, LOAD_FACTOR, byAccess);
        this.maxEntries = maxEntries;
    }

    /** Creates a map that removes the entry that was added first. */
    public static <K, V> BoundedMap<K, V> byInsertion(int maxEntries) {
        return new BoundedMap<>(maxEntries, false);
    }

    /** Creates a map that removes the least recently used entry. */
    public static <K, V> BoundedMap<K, V> byAccess(int maxEntries) {
        return new BoundedMap<>(maxEntries, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > maxEntries;
    }
}
