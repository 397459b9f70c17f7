package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Objects that were made here and are not in the files of the clone: writing each to a file of its own would take longer
 * than sending it. May be used by several threads.
 */
public final class PendingObjects {
    private final Map<ObjectId, PendingObject> objects = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * One of them.
     *
     * @param type as {@link Constants#OBJ_TREE} and so on
     * @param bytes not to be changed
     * @param base the object that it was made from; null when there is none, or little is left of it
     * @param delta how to make it from its base; null when there is no base
     */
    public record PendingObject(
            ObjectId id,
            int type,
            byte[] bytes,
            @CheckForNull ObjectId base,
            @CheckForNull byte[] delta) {}

    public static ObjectId idFor(int type, byte[] bytes) {
        MessageDigest digest = sha1();
        digest.update(Constants.encodedTypeString(type));
        digest.update(Constants.encodeASCII(" " + bytes.length));
        digest.update((byte) 0);
        return ObjectId.fromRaw(digest.digest(bytes));
    }

    /** The one of Java, which the processor helps; the names of Git's objects, not a protection. */
    static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    public ObjectId insert(int type, byte[] content) {
        return insert(type, content, null, null);
    }

    /** Adds a folder that was made from another one. */
    ObjectId insertTree(byte[] tree, @CheckForNull ObjectId from, byte[] fromBytes) {
        return insert(
                Constants.OBJ_TREE,
                tree,
                from,
                from == null ? null : PackDelta.of(fromBytes, tree).orElse(null));
    }

    private ObjectId insert(int type, byte[] content, @CheckForNull ObjectId base, @CheckForNull byte[] delta) {
        ObjectId id = idFor(type, content);
        put(new PendingObject(id, type, content, delta == null ? null : base, delta));
        return id;
    }

    private void put(PendingObject object) {
        if (objects.putIfAbsent(object.id(), object) == null) {
            bytes.addAndGet(object.bytes().length);
        }
    }

    @CheckForNull
    public PendingObject find(AnyObjectId id) {
        return objects.get(id);
    }

    public void addAll(PendingObjects others) {
        others.objects.values().forEach(this::put);
    }

    public Collection<PendingObject> all() {
        return List.copyOf(objects.values());
    }

    /** What they hold in memory. */
    public long bytes() {
        return bytes.get();
    }

    public int count() {
        return objects.size();
    }

    public void clear() {
        objects.clear();
        bytes.set(0);
    }
}
