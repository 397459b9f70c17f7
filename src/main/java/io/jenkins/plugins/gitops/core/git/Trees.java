package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/** Reads folders and files of the clone. Keeps the folders that are read most, since a large one costs to inflate. */
final class Trees {
    private static final long MOST_BYTES = 32L << 20;

    private final LocalClone clone;
    private final Map<ObjectId, byte[]> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long keptBytes;

    Trees(LocalClone clone) {
        this.clone = clone;
    }

    /** The bytes of a folder, as Git stores them; not to be changed. */
    byte[] tree(ObjectId id) throws IOException {
        synchronized (kept) {
            byte[] found = kept.get(id);
            if (found != null) {
                return found;
            }
        }
        byte[] bytes = read(id, Constants.OBJ_TREE, Integer.MAX_VALUE);
        keep(id, bytes);
        return bytes;
    }

    /** Remembers a folder that was just written. */
    void keep(ObjectId id, byte[] bytes) {
        synchronized (kept) {
            if (kept.put(id.copy(), bytes) == null) {
                keptBytes += bytes.length;
            }
            Iterator<byte[]> oldest = kept.values().iterator();
            while (keptBytes > MOST_BYTES && kept.size() > 1) {
                keptBytes -= oldest.next().length;
                oldest.remove();
            }
        }
    }

    /**
     * The bytes of a file.
     *
     * @return null when there are more than that
     */
    @CheckForNull
    byte[] blob(ObjectId id, int most) throws IOException {
        return read(id, Constants.OBJ_BLOB, most);
    }

    @CheckForNull
    private byte[] read(ObjectId id, int type, int most) throws IOException {
        try (ObjectReader reader = clone.repository().newObjectReader()) {
            var loader = reader.open(id, type);
            return loader.getSize() > most ? null : loader.getBytes(most);
        } catch (IOException e) {
            clone.noteDamage(e);
            throw e;
        }
    }
}
