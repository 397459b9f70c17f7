package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** The files of one revision, read from the clone's objects. Thread-safe. */
public final class GitFileTree implements FileTree {
    /** Larger files are not read into memory; manifests are far smaller. */
    private static final int MAX_FILE_BYTES = 32 << 20;

    private static final byte[] LFS_POINTER =
            "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GIT_CRYPT = "\0GITCRYPT\0".getBytes(StandardCharsets.US_ASCII);

    private final TreeCache treeCache;
    private final ObjectId root;
    private final TreeBranch branch;

    /** Of no branch that would matter. */
    public GitFileTree(TreeCache treeCache, ObjectId root) {
        this(treeCache, root, TreeBranch.UNKNOWN);
    }

    public GitFileTree(TreeCache treeCache, ObjectId root, TreeBranch branch) {
        this.treeCache = treeCache;
        this.root = root;
        this.branch = branch;
    }

    @Override
    public TreeBranch branch() {
        return branch;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, UserErrorException {
        ObjectId file = file(path);
        return file == null ? Optional.empty() : Optional.of(bytes(file, path));
    }

    @Override
    public Optional<String> contentId(String path) throws IOException, UserErrorException {
        return Optional.ofNullable(file(path)).map(ObjectId::name);
    }

    @Override
    public ContentCache cache() {
        return treeCache.memory();
    }

    @CheckForNull
    private ObjectId file(String path) throws IOException, UserErrorException {
        List<byte[]> names = RepositoryPath.existing(path);
        ObjectId folder = root;
        for (int i = 0; i < names.size(); i++) {
            RawTree.TreeEntry entry = treeCache.find(folder, names.get(i));
            if (entry == null) {
                return null;
            }
            refuseOddities(entry, path);
            boolean last = i == names.size() - 1;
            if (last) {
                return entry.isFile() ? entry.objectId() : null;
            }
            if (!entry.isFolder()) {
                return null;
            }
            folder = entry.objectId();
        }
        return null;
    }

    private byte[] bytes(ObjectId id, String path) throws IOException, UserErrorException {
        byte[] bytes = treeCache.blob(id, MAX_FILE_BYTES);
        if (bytes == null) {
            throw new UserErrorException(
                    path + " is larger than " + (MAX_FILE_BYTES >> 20) + " MiB",
                    "Keep large files out of this repository");
        }
        if (startsWith(bytes, LFS_POINTER) || startsWith(bytes, GIT_CRYPT)) {
            throw new UserErrorException(
                    path + " is not in the repository itself: it is stored with Git LFS or git-crypt",
                    "Put the file itself into the repository");
        }
        return bytes;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static void refuseOddities(RawTree.TreeEntry entry, String path) throws UserErrorException {
        if (FileMode.SYMLINK.equals(entry.mode())) {
            throw new UserErrorException(
                    path + " is a symbolic link or is reached through one", "Put the file itself into the repository");
        }
        if (FileMode.GITLINK.equals(entry.mode())) {
            throw new UserErrorException(
                    path + " is a submodule or is inside one", "Put the file itself into the repository");
        }
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        Optional<List<byte[]>> names = RepositoryPath.resolve(folder);
        ObjectId tree = names.isPresent() ? folder(names.get()) : null;
        return tree == null ? List.of() : RawTree.list(treeCache.tree(tree));
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        List<byte[]> names = RepositoryPath.existing(path);
        ObjectId folder = names.isEmpty() ? null : folder(names.subList(0, names.size() - 1));
        RawTree.TreeEntry entry = folder == null ? null : treeCache.find(folder, names.get(names.size() - 1));
        if (entry == null || !FileMode.SYMLINK.equals(entry.mode())) {
            return Optional.empty();
        }
        byte[] target = treeCache.blob(entry.objectId(), RepositoryPath.MAX_LENGTH);
        if (target == null) {
            throw new UserErrorException(
                    "The target of the symbolic link " + path + " is longer than " + RepositoryPath.MAX_LENGTH
                            + " bytes",
                    "Correct the link");
        }
        return Optional.of(new String(target, StandardCharsets.UTF_8));
    }

    @Override
    public List<String> links(String folder) throws IOException {
        Optional<List<byte[]>> names = RepositoryPath.resolve(folder);
        ObjectId tree = names.isPresent() ? folder(names.get()) : null;
        return tree == null ? List.of() : RawTree.links(treeCache.tree(tree));
    }

    @CheckForNull
    private ObjectId folder(List<byte[]> names) throws IOException {
        ObjectId folder = root;
        for (byte[] name : names) {
            RawTree.TreeEntry entry = treeCache.find(folder, name);
            if (entry == null || !entry.isFolder()) {
                return null;
            }
            folder = entry.objectId();
        }
        return folder;
    }
}
