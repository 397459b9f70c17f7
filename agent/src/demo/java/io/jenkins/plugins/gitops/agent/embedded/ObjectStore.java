package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All objects, with one increasing version, and the latest events. Stored objects are never modified. Callers that read
 * and then write hold the store's monitor in between.
 */
final class ObjectStore {
    private static final int EVENTS = 4096;
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::group)
            .thenComparing(ObjectKey::plural)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    private final TreeMap<ObjectKey, Map<String, Object>> objects = new TreeMap<>(ORDER);
    private final Deque<StoreEvent> events = new ArrayDeque<>();
    private final List<Consumer<StoreEvent>> listeners = new CopyOnWriteArrayList<>();
    private long version = 1;

    /**
     * One change.
     *
     * @param before null for a new object
     * @param after null for a deleted object
     */
    record StoreEvent(
            long version,
            ObjectKey key,
            @CheckForNull Map<String, Object> before,
            @CheckForNull Map<String, Object> after) {}

    /** Returns the version of the last change. */
    synchronized long version() {
        return version;
    }

    /** Returns the stored object, which must not be modified; null if there is none. */
    @CheckForNull
    synchronized Map<String, Object> get(ObjectKey key) {
        return objects.get(key);
    }

    /** Returns the objects of a kind, sorted by name; those of all namespaces for an empty one. */
    synchronized Map<ObjectKey, Map<String, Object>> list(String group, String plural, String namespace) {
        Map<ObjectKey, Map<String, Object>> found = new TreeMap<>(ORDER);
        ObjectKey first = new ObjectKey(group, plural, namespace, "");
        for (Map.Entry<ObjectKey, Map<String, Object>> entry :
                objects.tailMap(first).entrySet()) {
            ObjectKey key = entry.getKey();
            if (!key.isOf(group, plural)
                    || !namespace.isEmpty() && !key.namespace().equals(namespace)) {
                break;
            }
            found.put(key, entry.getValue());
        }
        return found;
    }

    /** Returns the keys of all objects that match a condition. */
    synchronized List<ObjectKey> find(Predicate<Map.Entry<ObjectKey, Map<String, Object>>> condition) {
        return objects.entrySet().stream()
                .filter(condition)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Stores an object under the next version, which is written into its metadata, and notifies the listeners. */
    synchronized void put(ObjectKey key, Map<String, Object> object) {
        version++;
        JsonTree.child(object, "metadata").put("resourceVersion", Long.toString(version));
        notifyListeners(new StoreEvent(version, key, objects.put(key, object), object));
    }

    /** Deletes an object; does nothing if there is none. */
    synchronized void remove(ObjectKey key) {
        Map<String, Object> before = objects.remove(key);
        if (before != null) {
            version++;
            Map<String, Object> last = JsonTree.copy(before);
            JsonTree.child(last, "metadata").put("resourceVersion", Long.toString(version));
            notifyListeners(new StoreEvent(version, key, last, null));
        }
    }

    /** Returns the events after a version; null if they were already discarded. */
    @CheckForNull
    synchronized List<StoreEvent> since(long after) {
        if (after < version && (events.isEmpty() || events.peekFirst().version() > after + 1)) {
            return null;
        }
        return new ArrayList<>(
                events.stream().filter(event -> event.version() > after).toList());
    }

    /** Adds a listener. Listeners are called in order, under the store's monitor, and must return quickly. */
    synchronized void listen(Consumer<StoreEvent> listener) {
        listeners.add(listener);
    }

    void forget(Consumer<StoreEvent> listener) {
        listeners.remove(listener);
    }

    private void notifyListeners(StoreEvent event) {
        events.addLast(event);
        if (events.size() > EVENTS) {
            events.removeFirst();
        }
        listeners.forEach(listener -> listener.accept(event));
    }
}
