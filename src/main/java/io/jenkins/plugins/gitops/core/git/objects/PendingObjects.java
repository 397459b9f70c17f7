package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Objects that were created here and are not in the clone's files yet, since writing each to a separate file would take
 * longer than sending it. Thread-safe.
 */
public final class PendingObjects {
    /** In insertion order, so that the versions of a folder are adjacent in a pack. */
    private final Map<ObjectId, PendingObject> objects = Collections.synchronizedMap(new LinkedHashMap<>());

    private final AtomicLong bytes = new AtomicLong();

    /**
     * One object.
     *
     * @param type such as {@link Constants#OBJ_TREE}
     * @param bytes must not be modified
     */
    public record PendingObject(ObjectId id, int type, byte[] bytes) {}

    public static ObjectId idFor(int type, byte[] bytes) {
        MessageDigest digest = sha1();
        digest.update(Constants.encodedTypeString(type));
        digest.update(Constants.encodeASCII(" " + bytes.length));
        digest.update((byte) 0);
        return ObjectId.fromRaw(digest.digest(bytes));
    }

    /** Java's SHA-1, which is hardware-accelerated; used for the names of Git objects, not for security. */
    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    public ObjectId insert(int type, byte[] content) {
        ObjectId id = idFor(type, content);
        put(new PendingObject(id, type, content));
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

    /** A copy, in insertion order. */
    public Collection<PendingObject> all() {
        return List.copyOf(objects.values());
    }

    /** Total size in memory, in bytes. */
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
