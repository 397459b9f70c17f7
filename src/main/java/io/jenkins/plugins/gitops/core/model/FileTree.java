package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The files of one revision (or of a folder), read-only. Paths are relative to the root, with slashes and without a
 * leading one; {@code ""} is the root. A path that leaves the root is rejected, as is a symbolic link; a caller that
 * may follow links reads their targets with {@link #linkTarget}.
 */
public interface FileTree {
    /**
     * The bytes of a file; empty if there is none, or the path is a folder.
     *
     * @throws UserErrorException if the path is a symbolic link or submodule, or leaves the root
     * @throws IOException if the store cannot be read
     */
    Optional<byte[]> read(String path) throws IOException, UserErrorException;

    /**
     * The entries of a folder, in byte order of their names; empty if there is no such folder. Symbolic links and
     * submodules are neither files nor folders, and are omitted.
     *
     * @throws IOException if the store cannot be read
     */
    List<Entry> list(String folder) throws IOException;

    /**
     * The target of the symbolic link at a path, as stored; empty if there is no link at exactly this path.
     *
     * @throws UserErrorException if the path leaves the root
     * @throws IOException if the store cannot be read
     */
    default Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        return Optional.empty();
    }

    /**
     * The names of the symbolic links in a folder, in byte order; empty if there is no such folder.
     *
     * @throws IOException if the store cannot be read
     */
    default List<String> links(String folder) throws IOException {
        return List.of();
    }

    /**
     * An id of the content of a file, available without reading it. Files with equal ids have equal contents. Empty if
     * there is no such file, or the tree has no {@link #cache}.
     *
     * @throws UserErrorException as {@link #read}
     * @throws IOException if the store cannot be read
     */
    default Optional<String> contentId(String path) throws IOException, UserErrorException {
        return Optional.empty();
    }

    /**
     * Whether the file exists; cheaper than reading it if the tree has content ids.
     *
     * @throws UserErrorException as {@link #read}
     * @throws IOException if the store cannot be read
     */
    default boolean exists(String path) throws IOException, UserErrorException {
        return cache() == null ? read(path).isPresent() : contentId(path).isPresent();
    }

    /** The cache for results derived from contents; null if the tree has no content ids. */
    @CheckForNull
    default ContentCache cache() {
        return null;
    }

    /**
     * The branch that the files are on. Where that is not the branch of the policy, {@code gitops.yaml} is that of the policy's
     * branch all the same.
     */
    default TreeBranch branch() {
        return TreeBranch.UNKNOWN;
    }

    /**
     * An entry of a folder.
     *
     * @param name the last path segment
     */
    record Entry(String name, boolean folder) {}
}
