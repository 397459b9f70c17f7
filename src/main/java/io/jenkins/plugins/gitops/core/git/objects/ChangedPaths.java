package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.Arrays;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Finds the files that differ between two revisions, as hashes of their paths. Equal entries are skipped by comparing
 * bytes, which makes a folder of thousands of applications cheap.
 */
public final class ChangedPaths {
    /** If a commit changes more files, they are not listed. */
    static final int MAX_FILES = 256;

    private static final int FOLDER_MODE = '4';
    private static final byte[] EMPTY_TREE = {};

    private final TreeSource source;
    private int[] found = new int[4];
    private int count;

    private ChangedPaths(TreeSource source) {
        this.source = source;
    }

    /** Returns the raw content of a folder. */
    public interface TreeSource {
        byte[] tree(ObjectId id) throws IOException;
    }

    /** The hash of a path, as in the result of {@link #files}. */
    public static int hash(String path) {
        int hash = 0;
        for (byte b : Constants.encode(path)) {
            hash = 31 * hash + b;
        }
        return hash;
    }

    /** The hashes of the paths of the files that differ; null when there are more than {@link #MAX_FILES}. */
    @CheckForNull
    public static int[] files(TreeSource source, ObjectId one, ObjectId other) throws IOException {
        ChangedPaths diff = new ChangedPaths(source);
        if (!one.equals(other)) {
            diff.compare(source.tree(one), source.tree(other), 0, 0);
        }
        return diff.isFull() ? null : Arrays.copyOf(diff.found, diff.count);
    }

    private boolean isFull() {
        return count > MAX_FILES;
    }

    /**
     * Skips everything below {@link RepositoryPath#MAX_DEPTH}, since such files cannot be read anyway.
     *
     * @param prefix hash of the folder's path with a trailing slash
     */
    private void compare(byte[] a, byte[] b, int prefix, int depth) throws IOException {
        if (depth >= RepositoryPath.MAX_DEPTH) {
            return;
        }
        int i = 0;
        int j = 0;
        while (!isFull()) {
            int equal = Arrays.mismatch(a, i, a.length, b, j, b.length);
            if (equal < 0) {
                return;
            }
            int skipped = wholeEntries(a, i, equal);
            i += skipped;
            j += skipped;
            int order = order(a, i, b, j);
            if (order == 0) {
                same(a, i, b, j, prefix, depth);
                i = end(a, i);
                j = end(b, j);
            } else if (order < 0) {
                single(a, i, prefix, depth);
                i = end(a, i);
            } else {
                single(b, j, prefix, depth);
                j = end(b, j);
            }
        }
    }

    /** Number of bytes of the complete entries within the given bytes. */
    private static int wholeEntries(byte[] tree, int from, int bytes) {
        int at = from;
        while (at < tree.length) {
            int end = end(tree, at);
            if (end > from + bytes) {
                break;
            }
            at = end;
        }
        return at - from;
    }

    /** Compares an entry with the same name and kind in both. */
    private void same(byte[] a, int i, byte[] b, int j, int prefix, int depth) throws IOException {
        int hash = hash(a, i, prefix);
        if (!isFolder(a, i)) {
            add(hash);
            return;
        }
        ObjectId one = id(a, i);
        ObjectId other = id(b, j);
        if (!one.equals(other)) {
            compare(source.tree(one), source.tree(other), 31 * hash + '/', depth + 1);
        }
    }

    /** Adds an entry that only one of them has. */
    private void single(byte[] tree, int at, int prefix, int depth) throws IOException {
        int hash = hash(tree, at, prefix);
        if (isFolder(tree, at)) {
            compare(source.tree(id(tree, at)), EMPTY_TREE, 31 * hash + '/', depth + 1);
        } else {
            add(hash);
        }
    }

    private void add(int hash) {
        if (count == found.length) {
            found = Arrays.copyOf(found, 4 * count);
        }
        found[count++] = hash;
    }

    private static boolean isFolder(byte[] tree, int at) {
        return tree[at] == FOLDER_MODE;
    }

    private static ObjectId id(byte[] tree, int at) {
        return ObjectId.fromRaw(tree, end(tree, at) - Constants.OBJECT_ID_LENGTH);
    }

    private static int hash(byte[] tree, int at, int prefix) {
        int hash = prefix;
        for (int p = name(tree, at); tree[p] != 0; p++) {
            hash = 31 * hash + tree[p];
        }
        return hash;
    }

    private static int name(byte[] tree, int at) {
        int p = at;
        while (tree[p] != ' ') {
            p++;
        }
        return p + 1;
    }

    private static int end(byte[] tree, int at) {
        int p = at;
        while (tree[p] != 0) {
            p++;
        }
        return p + 1 + Constants.OBJECT_ID_LENGTH;
    }

    /** Compares two entries in Git's order; a position after the end comes last. */
    private static int order(byte[] a, int i, byte[] b, int j) {
        if (i >= a.length || j >= b.length) {
            return i >= a.length ? 1 : -1;
        }
        int p = name(a, i);
        int q = name(b, j);
        while (a[p] == b[q] && a[p] != 0) {
            p++;
            q++;
        }
        return Integer.compare(letter(a, i, p), letter(b, j, q));
    }

    /** Git compares the names of folders as if they ended with a slash. */
    private static int letter(byte[] tree, int at, int p) {
        return tree[p] == 0 && isFolder(tree, at) ? '/' : tree[p] & 0xff;
    }
}
