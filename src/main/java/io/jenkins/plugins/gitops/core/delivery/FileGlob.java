package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.model.Wildcards;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** File paths with {@code *} for any text within a path segment, and {@code ?} for any character. */
record FileGlob(String path) {
    /** Maximum number of matches; the images of one target are in fewer files. */
    static final int MAX_FILES = 200;

    boolean isLiteral() {
        return isLiteral(path);
    }

    private static boolean isLiteral(String segment) {
        return segment.indexOf('*') < 0 && segment.indexOf('?') < 0;
    }

    /** Whether the path of a file matches. */
    boolean matches(String file) {
        return Wildcards.matchesPath(path, file, true);
    }

    /** The common parent folder of all matches: the segments before the first one with a wildcard. */
    String folder() {
        int end = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (!isLiteral(path.substring(0, slash))) {
                break;
            }
            end = slash;
        }
        return path.substring(0, end);
    }

    /**
     * The matching files of a tree, in its order.
     *
     * @throws UserErrorException when there are more than {@link #MAX_FILES}
     */
    List<String> files(FileTree tree) throws UserErrorException, IOException {
        List<String> found = new ArrayList<>();
        collect(tree, "", List.of(path.split("/", -1)), found);
        return found;
    }

    private void collect(FileTree tree, String folder, List<String> globs, List<String> found)
            throws UserErrorException, IOException {
        String glob = globs.get(0);
        boolean last = globs.size() == 1;
        if (isLiteral(glob)) {
            String below = TreePath.child(folder, glob);
            if (!last) {
                collect(tree, below, globs.subList(1, globs.size()), found);
            } else if (tree.exists(below)) {
                add(below, found);
            }
            return;
        }
        for (FileTree.Entry entry : tree.list(folder)) {
            if (entry.folder() == last || !Wildcards.matchesPath(glob, entry.name(), true)) {
                continue;
            }
            String below = TreePath.child(folder, entry.name());
            if (last) {
                add(below, found);
            } else {
                collect(tree, below, globs.subList(1, globs.size()), found);
            }
        }
    }

    private void add(String file, List<String> found) throws UserErrorException {
        if (found.size() == MAX_FILES) {
            throw new UserErrorException(
                    SourceLocation.of(Delivery.FILE),
                    "More than " + MAX_FILES + " files match " + path,
                    "Name the files of images more precisely");
        }
        found.add(file);
    }
}
