package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jgit.lib.Constants;

/**
 * Hash index of the names in a large folder. Without it, walking into each of 100,000 subfolders would scan the bytes
 * of their parent folder 100,000 times. Does not rely on Git's order, since a folder that is not sorted can be pushed.
 */
final class TreeIndex {
    /** A smaller folder, in bytes, is scanned without an index. */
    static final int LARGE = 16 << 10;

    /** Random seed of the hashes, so that names cannot be chosen to collide. */
    private static final long SEED = ThreadLocalRandom.current().nextLong();

    private final byte[] tree;
    /** Offsets of the entries plus 1; 0 for an empty slot. */
    private final int[] slots;

    TreeIndex(byte[] tree) {
        this.tree = tree;
        int count = 0;
        for (int at = 0; at < tree.length; at = end(at)) {
            count++;
        }
        this.slots = new int[Integer.highestOneBit(Math.max(count, 8)) << 2];
        for (int at = 0; at < tree.length; at = end(at)) {
            int start = RawTree.nameStart(tree, at);
            put(slot(tree, start, RawTree.nameEnd(tree, start)), at);
        }
    }

    private void put(int slot, int at) {
        int free = slot;
        while (slots[free] != 0) {
            free = (free + 1) & (slots.length - 1);
        }
        slots[free] = at + 1;
    }

    private int end(int at) {
        return RawTree.nameEnd(tree, RawTree.nameStart(tree, at)) + 1 + Constants.OBJECT_ID_LENGTH;
    }

    private int slot(byte[] name, int start, int end) {
        long hash = SEED;
        for (int i = start; i < end; i++) {
            hash = (hash ^ name[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) (hash >>> 16) & (slots.length - 1);
    }

    /** As {@link RawTree#find}. */
    @CheckForNull
    RawTree.TreeEntry find(byte[] name) {
        RawTree.TreeEntry first = null;
        for (int slot = slot(name, 0, name.length); slots[slot] != 0; slot = (slot + 1) & (slots.length - 1)) {
            int at = slots[slot] - 1;
            int start = RawTree.nameStart(tree, at);
            int end = RawTree.nameEnd(tree, start);
            boolean same = Arrays.equals(tree, start, end, name, 0, name.length);
            if (same && (first == null || at < first.at())) {
                first = RawTree.entry(tree, at);
            }
        }
        return first;
    }
}
