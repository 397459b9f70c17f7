package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** Edits files in a revision's tree; only the folders along their paths are rewritten. */
public final class TreeEditor {
    private final TreeCache treeCache;
    private final PendingObjects pendingObjects;
    private final Set<ObjectId> folders;
    private final List<String> changed = new ArrayList<>();
    private ObjectId root;

    /**
     * @param treeCache must also read {@code pendingObjects}
     * @param pendingObjects receives the created objects
     * @param folders receives the ids of the folders that were read or written
     */
    public TreeEditor(TreeCache treeCache, PendingObjects pendingObjects, Set<ObjectId> folders, ObjectId root) {
        this.treeCache = treeCache;
        this.pendingObjects = pendingObjects;
        this.folders = folders;
        this.root = root;
    }

    /** The tree with all edits so far. */
    public ObjectId root() {
        return root;
    }

    /** The paths whose content differs, in order. */
    public List<String> changed() {
        return changed;
    }

    /** @throws UserErrorException when the path leads through something that is not a regular file or folder */
    public void write(Map<String, byte[]> files) throws UserErrorException, IOException {
        for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
            String path = file.getKey();
            ObjectId blob = PendingObjects.idFor(Constants.OBJ_BLOB, file.getValue());
            ObjectId written = write(root, RepositoryPath.writable(path), 0, blob, path);
            if (!written.equals(root)) {
                pendingObjects.insert(Constants.OBJ_BLOB, file.getValue());
                root = written;
                changed.add(path);
            }
        }
    }

    /**
     * Removes files, and folders that become empty, since Git does not store empty folders.
     *
     * @throws UserErrorException when a path is not a regular file
     */
    public void remove(Set<String> paths) throws UserErrorException, IOException {
        for (String path : new TreeSet<>(paths)) {
            ObjectId left = remove(root, RepositoryPath.writable(path), 0, path);
            if (left == null || !left.equals(root)) {
                root = left == null ? insert(new byte[0]) : left;
                changed.add(path);
            }
        }
    }

    /** Null when the folder becomes empty; the same id when the path does not exist. */
    @CheckForNull
    private ObjectId remove(ObjectId folder, List<byte[]> names, int depth, String path)
            throws UserErrorException, IOException {
        byte[] tree = treeCache.tree(folder);
        folders.add(folder.copy());
        RawTree.TreeEntry entry = RawTree.find(tree, names.get(depth));
        boolean last = depth == names.size() - 1;
        if (entry == null || !last && !entry.isFolder()) {
            return folder;
        }
        if (last && !entry.isFile()) {
            throw new UserErrorException(path + " is not a regular file", "Remove it in Git manually");
        }
        ObjectId below = last ? null : remove(entry.objectId(), names, depth + 1, path);
        if (below != null && below.equals(entry.objectId())) {
            return folder;
        }
        byte[] patched = below == null ? RawTree.remove(tree, entry) : RawTree.replace(tree, entry, below);
        return patched.length == 0 ? null : insert(patched);
    }

    private ObjectId insert(byte[] tree) {
        ObjectId id = pendingObjects.insert(Constants.OBJ_TREE, tree);
        treeCache.keep(id, tree);
        folders.add(id);
        return id;
    }

    private ObjectId write(@CheckForNull ObjectId folder, List<byte[]> names, int depth, ObjectId blob, String path)
            throws UserErrorException, IOException {
        byte[] tree = folder == null ? new byte[0] : treeCache.tree(folder);
        if (folder != null) {
            folders.add(folder.copy());
        }
        byte[] name = names.get(depth);
        boolean last = depth == names.size() - 1;
        RawTree.TreeEntry entry = RawTree.find(tree, name);
        if (entry != null && (last ? !entry.isFile() : !entry.isFolder())) {
            throw new UserErrorException(
                    path + " cannot be written: \"" + RepositoryPath.name(name) + "\" is not a "
                            + (last ? "regular file" : "folder"),
                    "Remove it, or use another path");
        }
        ObjectId below = last ? blob : write(entry == null ? null : entry.objectId(), names, depth + 1, blob, path);
        if (entry != null && entry.objectId().equals(below)) {
            return folder;
        }
        byte[] patched = entry == null
                ? RawTree.insert(tree, name, last ? FileMode.REGULAR_FILE : FileMode.TREE, below)
                : RawTree.replace(tree, entry, below);
        return insert(patched);
    }
}
