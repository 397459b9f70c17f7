package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.ByteArrayOutputStream;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** A folder in Git's format: entries of mode, name and id, edited in place so that nothing else changes. */
public final class RawTree {
    private RawTree() {}

    /**
     * @param at offset of the entry
     * @param id offset of its 20-byte id
     */
    public record TreeEntry(byte[] tree, int at, FileMode mode, int name, int id) {
        byte[] rawName() {
            return Arrays.copyOfRange(tree, name, id - 1);
        }

        public ObjectId objectId() {
            return ObjectId.fromRaw(tree, id);
        }

        public boolean isFile() {
            return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
        }

        public boolean isFolder() {
            return FileMode.TREE.equals(mode);
        }

        private int end() {
            return id + Constants.OBJECT_ID_LENGTH;
        }
    }

    /**
     * The entry with this name; null when there is none. Allocates nothing for other entries, since a folder may have
     * thousands of them.
     */
    @CheckForNull
    public static TreeEntry find(byte[] tree, byte[] name) {
        for (int at = 0; at < tree.length; ) {
            int start = nameStart(tree, at);
            int end = nameEnd(tree, start);
            if (end - start == name.length && Arrays.equals(tree, start, end, name, 0, name.length)) {
                return entry(tree, at);
            }
            at = end + 1 + Constants.OBJECT_ID_LENGTH;
        }
        return null;
    }

    /** The regular files and folders in byte order of their names; each entry is parsed lazily. */
    static List<FileTree.Entry> list(byte[] tree) {
        int[] starts = new int[16];
        int count = 0;
        boolean ordered = true;
        for (int at = 0; at < tree.length; ) {
            int next = nameEnd(tree, nameStart(tree, at)) + 1 + Constants.OBJECT_ID_LENGTH;
            // Modes of files start with 100, those of folders with 4, those of links and submodules with 12 and 16.
            if (tree[at] == '4' || tree[at + 1] == '0') {
                starts = count == starts.length ? Arrays.copyOf(starts, 2 * count) : starts;
                ordered &= count == 0 || compareNames(tree, starts[count - 1], at) < 0;
                starts[count++] = at;
            }
            at = next;
        }
        int[] inOrder = ordered ? Arrays.copyOf(starts, count) : sorted(tree, starts, count);
        return new EntryList(tree, inOrder);
    }

    /** The names of the symbolic links, in Git's order, which is byte order for entries that are not folders. */
    static List<String> links(byte[] tree) {
        List<String> names = new ArrayList<>();
        for (int at = 0; at < tree.length; ) {
            int name = nameStart(tree, at);
            int end = nameEnd(tree, name);
            // The mode of a link is 120000; of folders 40000, of files 100644 or 100755, of submodules 160000.
            if (tree[at] == '1' && tree[at + 1] == '2') {
                names.add(RepositoryPath.name(Arrays.copyOfRange(tree, name, end)));
            }
            at = end + 1 + Constants.OBJECT_ID_LENGTH;
        }
        return names;
    }

    private static int[] sorted(byte[] tree, int[] starts, int count) {
        return Arrays.stream(starts, 0, count)
                .boxed()
                .sorted((a, b) -> compareNames(tree, a, b))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int compareNames(byte[] tree, int at, int other) {
        int start = nameStart(tree, at);
        int otherStart = nameStart(tree, other);
        return Arrays.compareUnsigned(tree, start, nameEnd(tree, start), tree, otherStart, nameEnd(tree, otherStart));
    }

    static int nameStart(byte[] tree, int at) {
        int p = at;
        while (tree[p] != ' ') {
            p++;
        }
        return p + 1;
    }

    static int nameEnd(byte[] tree, int start) {
        int p = start;
        while (tree[p] != 0) {
            p++;
        }
        return p;
    }

    private static final class EntryList extends AbstractList<FileTree.Entry> implements RandomAccess {
        private final byte[] tree;
        private final int[] starts;

        EntryList(byte[] tree, int[] starts) {
            this.tree = tree;
            this.starts = starts;
        }

        @Override
        public FileTree.Entry get(int index) {
            TreeEntry entry = entry(tree, starts[index]);
            return new FileTree.Entry(RepositoryPath.name(entry.rawName()), entry.isFolder());
        }

        @Override
        public int size() {
            return starts.length;
        }
    }

    static TreeEntry entry(byte[] tree, int at) {
        int name = nameStart(tree, at);
        int mode = 0;
        for (int p = at; p < name - 1; p++) {
            mode = (mode << 3) + (tree[p] - '0');
        }
        return new TreeEntry(tree, at, FileMode.fromBits(mode), name, nameEnd(tree, name) + 1);
    }

    /** A copy of the folder with another id for one of its entries. */
    static byte[] replace(byte[] tree, TreeEntry entry, ObjectId id) {
        byte[] patched = tree.clone();
        id.copyRawTo(patched, entry.id());
        return patched;
    }

    /** A copy of the folder without one of its entries. */
    static byte[] remove(byte[] tree, TreeEntry entry) {
        byte[] less = new byte[tree.length - (entry.end() - entry.at())];
        System.arraycopy(tree, 0, less, 0, entry.at());
        System.arraycopy(tree, entry.end(), less, entry.at(), tree.length - entry.end());
        return less;
    }

    /** A copy of the folder with one more entry, in Git's order. */
    static byte[] insert(byte[] tree, byte[] name, FileMode mode, ObjectId id) {
        int place = 0;
        while (place < tree.length) {
            TreeEntry entry = entry(tree, place);
            if (compare(entry.rawName(), entry.isFolder(), name, mode == FileMode.TREE) > 0) {
                break;
            }
            place = entry.end();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(tree.length + name.length + 32);
        out.write(tree, 0, place);
        out.writeBytes(Constants.encodeASCII(Integer.toOctalString(mode.getBits())));
        out.write(' ');
        out.writeBytes(name);
        out.write(0);
        byte[] raw = new byte[Constants.OBJECT_ID_LENGTH];
        id.copyRawTo(raw, 0);
        out.writeBytes(raw);
        out.write(tree, place, tree.length - place);
        return out.toByteArray();
    }

    /** Git compares the names of folders as if they ended with a slash. */
    private static int compare(byte[] a, boolean folderA, byte[] b, boolean folderB) {
        int common = Math.min(a.length, b.length);
        int difference = Arrays.compareUnsigned(a, 0, common, b, 0, common);
        return difference != 0 ? difference : Integer.compare(next(a, common, folderA), next(b, common, folderB));
    }

    private static int next(byte[] name, int at, boolean folder) {
        if (at < name.length) {
            return name[at] & 0xff;
        }
        return folder ? '/' : 0;
    }
}
