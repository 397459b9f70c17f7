package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The tracked objects of the cluster, as reported by watches and by responses to our own writes. The next comparison
 * sees the result of a write even if the watch lags behind: older versions never replace newer ones.
 */
final class LiveObjectCache implements ResourceEventHandler<LiveObject> {
    /**
     * Kinds that contain only data, which may be large or secret, and whose health does not depend on it: the API
     * server is never asked for their content in bulk. Managed objects are read by name during a comparison.
     */
    private static final String[] DATA = {"ConfigMap", "Secret"};

    private final Map<ObjectId.Key, LiveObject> objects = new HashMap<>();
    private final Map<String, Set<ObjectId.Key>> byApplication = new HashMap<>();
    /** The versions of deleted objects, so that a late event does not restore them. */
    private final Map<ObjectId.Key, Long> deleted = new HashMap<>();

    private final Consumer<String> changed;
    private final Consumer<LiveObject> seen;

    /**
     * @param changed receives the name of an application when one of its objects has changed
     * @param seen receives each state of a tracked object, including the last one before its deletion; must not block
     */
    LiveObjectCache(Consumer<String> changed, Consumer<LiveObject> seen) {
        this.changed = changed;
        this.seen = seen;
    }

    @CheckForNull
    synchronized LiveObject get(ObjectId.Key key) {
        return objects.get(key);
    }

    synchronized List<LiveObject> of(String application) {
        List<LiveObject> found = new ArrayList<>();
        byApplication.getOrDefault(application, Set.of()).forEach(key -> found.add(objects.get(key)));
        return found;
    }

    @Override
    public boolean isMetadataEnough(ResourceKind kind) {
        return kind.isOneOf(DATA);
    }

    @Override
    public boolean isContentNeeded(ResourceKind kind, Map<String, Object> object) {
        return LiveObject.isTracked(kind, object);
    }

    @Override
    public LiveObject read(ResourceKind kind, Map<String, Object> object) {
        return isMetadataEnough(kind) || !isContentNeeded(kind, object)
                ? LiveObject.ofMetadata(kind, object)
                : LiveObject.of(kind, object);
    }

    @Override
    public void replace(ResourceKind kind, @CheckForNull String namespace, long version, List<LiveObject> listed) {
        replace(kind.groupKind(), namespace, version, listed);
    }

    @Override
    public void put(ResourceKind kind, LiveObject object) {
        put(object);
    }

    @Override
    public void remove(ResourceKind kind, LiveObject object) {
        removed(object);
    }

    /** Records the current state of an object; an object without an application is removed. */
    void put(LiveObject object) {
        if (object.application() != null) {
            seen.accept(object);
        }
        String before;
        synchronized (this) {
            ObjectId.Key key = object.id().key();
            LiveObject known = objects.get(key);
            if (known != null && known.version() >= object.version()
                    || deleted.getOrDefault(key, 0L) >= object.version()) {
                return;
            }
            before = remove(key);
            if (object.application() != null) {
                objects.put(key, object);
                byApplication
                        .computeIfAbsent(object.application(), name -> new HashSet<>())
                        .add(key);
                deleted.remove(key);
            }
            if (known != null && isSame(known, object)) {
                return;
            }
        }
        notifyListener(before, object.application());
    }

    private static boolean isSame(LiveObject one, LiveObject other) {
        return one.uid().equals(other.uid())
                && one.fingerprint().equals(other.fingerprint())
                && one.owners().equals(other.owners())
                && one.assessment().equals(other.assessment())
                && Objects.equals(one.workload(), other.workload())
                && one.deleting() == other.deleting();
    }

    /** Records the deletion of an object. */
    void removed(LiveObject object) {
        if (object.application() != null) {
            seen.accept(object);
        }
        String before;
        synchronized (this) {
            ObjectId.Key key = object.id().key();
            LiveObject known = objects.get(key);
            if (known == null || known.version() > object.version()) {
                return;
            }
            before = remove(key);
            deleted.put(key, object.version());
        }
        notifyListener(before, null);
    }

    /** Removes all objects of a kind. */
    void forget(ResourceKind kind) {
        replace(kind.groupKind(), null, Long.MAX_VALUE, List.of());
    }

    /**
     * Records a list of a kind: objects that are missing from it, and not newer than it, were deleted.
     *
     * @param namespace the one that was listed; null for all
     */
    private void replace(String groupKind, @CheckForNull String namespace, long listVersion, List<LiveObject> listed) {
        Set<ObjectId.Key> present = new HashSet<>();
        listed.forEach(object -> present.add(object.id().key()));
        Set<String> affected = new HashSet<>();
        synchronized (this) {
            List<LiveObject> gone = objects.values().stream()
                    .filter(o -> isListed(o.id().key(), groupKind, namespace))
                    .filter(o -> o.version() <= listVersion)
                    .filter(o -> !present.contains(o.id().key()))
                    .toList();
            gone.forEach(o -> affected.add(remove(o.id().key())));
            deleted.keySet().removeIf(key -> isListed(key, groupKind, namespace));
        }
        affected.forEach(changed);
        listed.forEach(this::put);
    }

    private static boolean isListed(ObjectId.Key key, String groupKind, @CheckForNull String namespace) {
        return key.groupKind().equals(groupKind) && (namespace == null || namespace.equals(key.namespace()));
    }

    @CheckForNull
    private String remove(ObjectId.Key key) {
        LiveObject known = objects.remove(key);
        if (known == null || known.application() == null) {
            return null;
        }
        Set<ObjectId.Key> keys = byApplication.get(known.application());
        keys.remove(key);
        if (keys.isEmpty()) {
            byApplication.remove(known.application());
        }
        return known.application();
    }

    private void notifyListener(@CheckForNull String before, @CheckForNull String after) {
        if (after != null) {
            changed.accept(after);
        }
        if (before != null && !before.equals(after)) {
            changed.accept(before);
        }
    }
}
