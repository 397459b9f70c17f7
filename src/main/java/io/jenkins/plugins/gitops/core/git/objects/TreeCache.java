package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Reads folders and files of the clone. Caches the folders that are read most, since inflating a large one is
 * expensive.
 */
public final class TreeCache {
    private static final long MAX_BYTES = 32L << 20;
    private static final int MAX_INDEXES = 16;

    private final ObjectSource source;
    private final CachedTrees cachedTrees;

    /** Objects that are not in the clone yet. */
    private final PendingObjects pendingObjects;

    /** Values derived from files; keyed by content id, so valid for every revision. */
    private final ContentCache memory;

    public TreeCache(ObjectSource source) {
        this(source, new CachedTrees(), new PendingObjects(), new ContentCache());
    }

    private TreeCache(
            ObjectSource source, CachedTrees cachedTrees, PendingObjects pendingObjects, ContentCache memory) {
        this.source = source;
        this.cachedTrees = cachedTrees;
        this.pendingObjects = pendingObjects;
        this.memory = memory;
    }

    /** A copy that also reads the given pending objects. */
    public TreeCache with(PendingObjects others) {
        return new TreeCache(source, cachedTrees, others, memory);
    }

    ContentCache memory() {
        return memory;
    }

    /** The raw content of a folder in Git's format; must not be modified. */
    byte[] tree(ObjectId id) throws IOException {
        byte[] found = cachedTrees.get(id);
        if (found != null) {
            return found;
        }
        byte[] bytes = read(id, Constants.OBJ_TREE, Integer.MAX_VALUE);
        keep(id, bytes);
        return bytes;
    }

    /** An entry of a folder; null when there is none with that name. */
    @CheckForNull
    RawTree.TreeEntry find(ObjectId folder, byte[] name) throws IOException {
        byte[] tree = tree(folder);
        return tree.length < TreeIndex.LARGE
                ? RawTree.find(tree, name)
                : cachedTrees.index(folder, tree).find(name);
    }

    /** Caches a folder that was just created. */
    void keep(ObjectId id, byte[] bytes) {
        cachedTrees.put(id, bytes);
    }

    private static final class CachedTrees {
        private final Map<ObjectId, byte[]> trees = new LinkedHashMap<>(64, 0.75f, true);
        private long bytes;
        /** Indexes of the large folders that were read last. */
        private final Map<ObjectId, TreeIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);

        /** An index takes about a fifth of the size of its folder. */
        private TreeIndex index(ObjectId id, byte[] tree) {
            synchronized (indexes) {
                TreeIndex known = indexes.get(id);
                if (known != null) {
                    return known;
                }
            }
            TreeIndex index = new TreeIndex(tree);
            synchronized (indexes) {
                indexes.put(id.copy(), index);
                if (indexes.size() > MAX_INDEXES) {
                    indexes.remove(indexes.keySet().iterator().next());
                }
            }
            return index;
        }

        @CheckForNull
        synchronized byte[] get(ObjectId id) {
            return trees.get(id);
        }

        synchronized void put(ObjectId id, byte[] tree) {
            if (trees.put(id.copy(), tree) == null) {
                bytes += tree.length;
            }
            Iterator<byte[]> oldest = trees.values().iterator();
            while (bytes > MAX_BYTES && trees.size() > 1) {
                bytes -= oldest.next().length;
                oldest.remove();
            }
        }
    }

    /**
     * The content of a file.
     *
     * @return null when it has more than {@code most} bytes
     */
    @CheckForNull
    public byte[] blob(ObjectId id, int most) throws IOException {
        return read(id, Constants.OBJ_BLOB, most);
    }

    /** Size of a file in bytes. */
    public long size(ObjectId id) throws IOException {
        PendingObjects.PendingObject found = pendingObjects.find(id);
        if (found != null && found.type() == Constants.OBJ_BLOB) {
            return found.bytes().length;
        }
        try (ObjectReader reader = source.newObjectReader()) {
            return reader.getObjectSize(id, Constants.OBJ_BLOB);
        } catch (IOException e) {
            source.noteDamage(e);
            throw e;
        }
    }

    @CheckForNull
    private byte[] read(ObjectId id, int type, int most) throws IOException {
        PendingObjects.PendingObject found = pendingObjects.find(id);
        if (found != null && found.type() == type) {
            return found.bytes().length > most ? null : found.bytes();
        }
        try (ObjectReader reader = source.newObjectReader()) {
            var loader = reader.open(id, type);
            return loader.getSize() > most ? null : loader.getBytes(most);
        } catch (IOException e) {
            source.noteDamage(e);
            throw e;
        }
    }
}
