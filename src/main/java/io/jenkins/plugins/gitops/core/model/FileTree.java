package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The files of one revision (or of a folder), read only. Paths are relative to the root, with slashes and without a
 * leading one; {@code ""} is the root. A path that leaves the root is refused, and so is a symbolic link; what may follow
 * links asks for their targets.
 */
public interface FileTree {
    /**
     * The bytes of a file; empty when there is none, or a folder stands there.
     *
     * @throws UserErrorException when a symbolic link or submodule stands there, or the path leaves the root
     * @throws IOException when the store cannot be read
     */
    Optional<byte[]> read(String path) throws IOException, UserErrorException;

    /**
     * What a folder holds, in byte order of the names; empty when there is no such folder. Symbolic links and submodules
     * are listed as what they are not: neither file nor folder, so left out.
     *
     * @throws IOException when the store cannot be read
     */
    List<Entry> list(String folder) throws IOException;

    /**
     * The target of the symbolic link at a path, as it is stored; empty when there is no link at exactly this path.
     *
     * @throws UserErrorException when the path leaves the root
     * @throws IOException when the store cannot be read
     */
    default Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        return Optional.empty();
    }

    /**
     * The names of the symbolic links in a folder, in byte order; empty when there is no such folder.
     *
     * @throws IOException when the store cannot be read
     */
    default List<String> links(String folder) throws IOException {
        return List.of();
    }

    /**
     * What tells the content of a file apart from every other content, without reading it. Empty when there is no such file,
     * or the tree has no {@link #cache}.
     *
     * @throws UserErrorException as {@link #read}
     * @throws IOException when the store cannot be read
     */
    default Optional<String> contentId(String path) throws IOException, UserErrorException {
        return Optional.empty();
    }

    /**
     * Whether there is such a file; cheaper than reading it where the tree knows ids.
     *
     * @throws UserErrorException as {@link #read}
     * @throws IOException when the store cannot be read
     */
    default boolean exists(String path) throws IOException, UserErrorException {
        return cache() == null ? read(path).isPresent() : contentId(path).isPresent();
    }

    /** Where to remember what was made of contents; null when the tree knows no ids of them. */
    @CheckForNull
    default ContentCache cache() {
        return null;
    }

    /**
     * @param name the last path segment
     */
    record Entry(String name, boolean folder) {}
}
