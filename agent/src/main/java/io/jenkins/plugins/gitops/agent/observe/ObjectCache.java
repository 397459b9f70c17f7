package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceEventHandler;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The last observed objects of some kinds, by name. Thread-safe.
 *
 * @param <K> identifies an object
 * @param <T> the part of an object that is kept
 */
final class ObjectCache<K, T> implements ResourceEventHandler<T> {
    private final BiFunction<ResourceKind, Map<String, Object>, T> reader;
    private final Function<T, K> key;
    private final Function<T, String> namespace;
    private final Listener<T> listener;
    private final Map<K, CachedObject<T>> all = new ConcurrentHashMap<>();

    private record CachedObject<T>(String groupKind, T value) {}

    /** Receives each change, on the thread of the watch. */
    interface Listener<T> {
        /**
         * @param before null if it is new
         * @param after null if it was deleted
         */
        void changed(@CheckForNull T before, @CheckForNull T after);
    }

    /** @param reader returns null for an object that is not to be kept */
    ObjectCache(
            BiFunction<ResourceKind, Map<String, Object>, T> reader,
            Function<T, K> key,
            Function<T, String> namespace,
            Listener<T> listener) {
        this.reader = reader;
        this.key = key;
        this.namespace = namespace;
        this.listener = listener;
    }

    @CheckForNull
    T get(K name) {
        CachedObject<T> cachedObject = all.get(name);
        return cachedObject == null ? null : cachedObject.value();
    }

    Collection<T> all() {
        return all.values().stream().map(CachedObject::value).toList();
    }

    @CheckForNull
    @Override
    public T read(ResourceKind kind, Map<String, Object> object) {
        return reader.apply(kind, object);
    }

    @Override
    public void replace(ResourceKind kind, @CheckForNull String only, long version, List<T> objects) {
        Set<K> present = objects.stream().filter(Objects::nonNull).map(key).collect(Collectors.toSet());
        all.forEach((name, cachedObject) -> {
            boolean listed = cachedObject.groupKind().equals(kind.groupKind())
                    && (only == null || only.equals(namespace.apply(cachedObject.value())));
            if (listed && !present.contains(name) && all.remove(name, cachedObject)) {
                listener.changed(cachedObject.value(), null);
            }
        });
        objects.forEach(object -> put(kind, object));
    }

    @Override
    public void put(ResourceKind kind, @CheckForNull T object) {
        if (object != null) {
            CachedObject<T> before = all.put(key.apply(object), new CachedObject<>(kind.groupKind(), object));
            listener.changed(before == null ? null : before.value(), object);
        }
    }

    /**
     * Replaces the value of an object without notifying the listener, unless the object has changed meanwhile.
     *
     * @return whether it was replaced
     */
    boolean refine(T seen, T refined) {
        CachedObject<T> after = all.computeIfPresent(
                key.apply(seen),
                (name, cachedObject) -> cachedObject.value() == seen
                        ? new CachedObject<>(cachedObject.groupKind(), refined)
                        : cachedObject);
        return after != null && after.value() == refined;
    }

    @Override
    public void remove(ResourceKind kind, @CheckForNull T object) {
        CachedObject<T> before = object == null ? null : all.remove(key.apply(object));
        if (before != null) {
            listener.changed(before.value(), null);
        }
    }
}
