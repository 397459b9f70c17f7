package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ObjectSink;
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
 * What watches saw last of some kinds, by name. Safe for use by many threads.
 *
 * @param <K> names one object
 * @param <T> what is kept of it
 */
final class ObjectCache<K, T> implements ObjectSink<T> {
    private final BiFunction<ResourceKind, Map<String, Object>, T> reader;
    private final Function<T, K> key;
    private final Function<T, String> namespace;
    private final Listener<T> listener;
    private final Map<K, Entry<T>> all = new ConcurrentHashMap<>();

    private record Entry<T>(String groupKind, T value) {}

    /** Told of each change, on the thread of the watch. */
    interface Listener<T> {
        /**
         * @param before null when it is new
         * @param after null when it is gone
         */
        void changed(@CheckForNull T before, @CheckForNull T after);
    }

    /** @param reader gives null for what is not to be kept */
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
        Entry<T> entry = all.get(name);
        return entry == null ? null : entry.value();
    }

    Collection<T> all() {
        return all.values().stream().map(Entry::value).toList();
    }

    @CheckForNull
    @Override
    public T read(ResourceKind kind, Map<String, Object> object) {
        return reader.apply(kind, object);
    }

    @Override
    public void replace(ResourceKind kind, @CheckForNull String only, long version, List<T> objects) {
        Set<K> present = objects.stream().filter(Objects::nonNull).map(key).collect(Collectors.toSet());
        all.forEach((name, entry) -> {
            boolean listed = entry.groupKind().equals(kind.groupKind())
                    && (only == null || only.equals(namespace.apply(entry.value())));
            if (listed && !present.contains(name) && all.remove(name, entry)) {
                listener.changed(entry.value(), null);
            }
        });
        objects.forEach(object -> put(kind, object));
    }

    @Override
    public void put(ResourceKind kind, @CheckForNull T object) {
        if (object != null) {
            Entry<T> before = all.put(key.apply(object), new Entry<>(kind.groupKind(), object));
            listener.changed(before == null ? null : before.value(), object);
        }
    }

    /**
     * Replaces what is kept of an object, without telling of it, as long as nothing else was seen of it meanwhile.
     *
     * @return whether it was replaced
     */
    boolean refine(T seen, T refined) {
        Entry<T> after = all.computeIfPresent(
                key.apply(seen),
                (name, entry) -> entry.value() == seen ? new Entry<>(entry.groupKind(), refined) : entry);
        return after != null && after.value() == refined;
    }

    @Override
    public void remove(ResourceKind kind, @CheckForNull T object) {
        Entry<T> before = object == null ? null : all.remove(key.apply(object));
        if (before != null) {
            listener.changed(before.value(), null);
        }
    }
}
