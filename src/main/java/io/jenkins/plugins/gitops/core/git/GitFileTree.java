package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The files of one commit. */
final class GitFileTree implements FileTree {
    private final Repository repository;
    private final ObjectId tree;

    GitFileTree(Repository repository, ObjectId tree) {
        this.repository = repository;
        this.tree = tree;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, RefusedException {
        try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
            if (walk == null || walk.getFileMode(0) == FileMode.TREE) {
                return Optional.empty();
            }
            FileMode mode = walk.getFileMode(0);
            if (mode != FileMode.REGULAR_FILE && mode != FileMode.EXECUTABLE_FILE) {
                throw new RefusedException(
                        SourceLocation.of(path), "This is a symbolic link or a submodule", "Put a file there");
            }
            return Optional.of(repository.open(walk.getObjectId(0)).getBytes());
        }
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        ObjectId id = tree;
        if (!folder.isEmpty()) {
            try (TreeWalk walk = TreeWalk.forPath(repository, folder, tree)) {
                if (walk == null || walk.getFileMode(0) != FileMode.TREE) {
                    return List.of();
                }
                id = walk.getObjectId(0);
            }
        }
        List<Entry> entries = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(id);
            while (walk.next()) {
                FileMode mode = walk.getFileMode(0);
                if (mode == FileMode.TREE || mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE) {
                    entries.add(new Entry(walk.getNameString(), mode == FileMode.TREE));
                }
            }
        }
        return entries;
    }
}
