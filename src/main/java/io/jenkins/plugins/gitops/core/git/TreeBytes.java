package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** A folder as Git stores it: entries of mode, name and id, patched in place so that nothing else changes. */
final class TreeBytes {
    private TreeBytes() {}

    /**
     * @param at where the entry begins
     * @param id where its 20 bytes of id begin
     */
    record Entry(byte[] tree, int at, FileMode mode, int name, int id) {
        byte[] rawName() {
            return Arrays.copyOfRange(tree, name, id - 1);
        }

        boolean isCalled(byte[] other) {
            return Arrays.equals(tree, name, id - 1, other, 0, other.length);
        }

        ObjectId objectId() {
            return ObjectId.fromRaw(tree, id);
        }

        boolean isFile() {
            return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
        }

        boolean isFolder() {
            return FileMode.TREE.equals(mode);
        }

        private int end() {
            return id + Constants.OBJECT_ID_LENGTH;
        }
    }

    static void forEach(byte[] tree, Consumer<Entry> action) {
        for (int at = 0; at < tree.length; ) {
            Entry entry = entry(tree, at);
            action.accept(entry);
            at = entry.end();
        }
    }

    /** Null when there is none of that name. */
    @CheckForNull
    static Entry find(byte[] tree, byte[] name) {
        for (int at = 0; at < tree.length; ) {
            Entry entry = entry(tree, at);
            if (entry.isCalled(name)) {
                return entry;
            }
            at = entry.end();
        }
        return null;
    }

    private static Entry entry(byte[] tree, int at) {
        int mode = 0;
        int p = at;
        while (tree[p] != ' ') {
            mode = (mode << 3) + (tree[p++] - '0');
        }
        int name = ++p;
        while (tree[p] != 0) {
            p++;
        }
        return new Entry(tree, at, FileMode.fromBits(mode), name, p + 1);
    }

    /** The folder with another id for one of its entries. */
    static byte[] replace(byte[] tree, Entry entry, ObjectId id) {
        byte[] patched = tree.clone();
        id.copyRawTo(patched, entry.id());
        return patched;
    }

    /** The folder without one of its entries. */
    static byte[] remove(byte[] tree, Entry entry) {
        byte[] less = new byte[tree.length - (entry.end() - entry.at())];
        System.arraycopy(tree, 0, less, 0, entry.at());
        System.arraycopy(tree, entry.end(), less, entry.at(), tree.length - entry.end());
        return less;
    }

    /** The folder with one more entry, in Git's order. */
    static byte[] insert(byte[] tree, byte[] name, FileMode mode, ObjectId id) {
        int place = 0;
        while (place < tree.length) {
            Entry entry = entry(tree, place);
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
